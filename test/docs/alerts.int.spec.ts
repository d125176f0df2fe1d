import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { register } from 'prom-client';
import { parse } from 'yaml';
import { GatewayHealthController } from '#apps/gateway/src/apart/health.controller.js';
import { openServices, type OpenedServices } from '#testing/opened-services.js';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: { readonly summary: string; readonly runbook_url: string };
}

interface Panel {
  readonly title: string;
  readonly targets: readonly { readonly expr: string }[];
}

const { groups } = parse(readFileSync('deploy/grafana/alerts.yaml', 'utf8')) as {
  readonly groups: readonly { readonly rules: readonly Rule[] }[];
};
const rules = groups.flatMap((group) => group.rules);
const { panels } = JSON.parse(readFileSync('deploy/grafana/dashboard.json', 'utf8')) as {
  readonly panels: readonly Panel[];
};
const page = readFileSync('docs/how-to/alerts.md', 'utf8');
const namesIn = (text: string): readonly string[] => [...new Set(text.match(/\bmangnon_[a-z_]+/g) ?? [])];
/** What a histogram is told as. */
const familyOf = (name: string): string => name.replace(/_(bucket|count|sum)$/, '');

/** Labels that Prometheus adds, or a histogram has. */
const always = ['instance', 'job', 'le'];

/** Labels that an expression groups by though none of its metrics has them. */
function strayLabels(expr: string): readonly string[] {
  const known = namesIn(expr).flatMap((name) => {
    const metric = register.getSingleMetric(familyOf(name)) as
      { readonly labelNames?: readonly string[] } | undefined;
    return metric?.labelNames ?? [];
  });
  const named = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, labels = '']) => labels.split(', '));
  return named.filter((label) => ![...known, ...always].includes(label));
}

describe('what is watched', () => {
  let running: OpenedServices;
  let metrics: string;
  beforeAll(async () => {
    running = await openServices([]);
    metrics = await (await fetch(`${running.url}/metrics`)).text();
  });
  afterAll(() => running.stop());

  const told = (): readonly string[] =>
    [...metrics.matchAll(/^# TYPE (mangnon_\w+)/gm)].map(([, name = '']) => name);

  it('has in the metrics a help and a type of each of our names, with its unit last', () => {
    // The gateway's own is among them, since its module is loaded here.
    expect(GatewayHealthController).toBeDefined();
    expect(told().length).toBeGreaterThan(12);
    for (const name of told()) {
      expect(metrics).toMatch(new RegExp(`^# HELP ${name} \\S.{10,}$`, 'm'));
      expect(name).toMatch(/_(seconds|total|messages|parts|figures|services)$/);
    }
  });

  it.each(rules.map((rule) => [rule.alert, rule] as const))(
    '%s asks for what the metrics tell, and says what to do',
    (alert, rule) => {
      expect(
        namesIn(rule.expr)
          .map(familyOf)
          .filter((name) => !told().includes(name)),
      ).toEqual([]);
      expect(strayLabels(rule.expr)).toEqual([]);
      const [file = '', anchor = ''] = rule.annotations.runbook_url.split('#');
      expect(existsSync(file)).toBe(true);
      expect(anchor).toBe(alert.toLowerCase());
      expect(page).toContain(`\n## ${alert}\n`);
      expect(rule.annotations.summary.length).toBeGreaterThan(5);
    },
  );

  it.each(panels.map((panel) => [panel.title, panel] as const))(
    '"%s" shows what the metrics tell',
    (_title, { targets }) => {
      for (const { expr } of targets) {
        expect(strayLabels(expr)).toEqual([]);
        expect(
          namesIn(expr)
            .map(familyOf)
            .filter((name) => !told().includes(name)),
        ).toEqual([]);
      }
    },
  );

  it('leaves no figure without a panel, and no alert on the page without a rule', () => {
    const shown = new Set(
      panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => namesIn(expr).map(familyOf))),
    );
    expect(told().filter((name) => !shown.has(name))).toEqual([]);
    const headings = [...page.matchAll(/^## (Mangnon\w+)$/gm)].map(([, name]) => name);
    expect(headings).toEqual(rules.map(({ alert }) => alert));
    expect(namesIn(page).filter((name) => !told().includes(name))).toEqual([]);
  });
});
