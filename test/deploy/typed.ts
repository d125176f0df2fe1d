import ts from 'typescript';
import type { Manifest } from './manifests.js';

const options: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  types: [],
  lib: ['lib.es2022.d.ts'],
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
};

/**
 * What objects of Kubernetes have that its API does not know, lack that it needs, or give in another type: held against the
 * declarations of the package kubernetes-models, which are made from the API's own description. Empty where nothing is wrong.
 */
export function faultsOfTypes(manifests: readonly Manifest[]): readonly string[] {
  const lines = manifests.map(({ apiVersion, kind }, index) => {
    const place = `kubernetes-models/${apiVersion}/${kind}`;
    return `export const _${index}: import('${place}').I${kind} = ${JSON.stringify(manifests[index])};`;
  });
  const file = 'test/deploy/typed-manifests.mts';
  const host = ts.createCompilerHost(options);
  const { fileExists, getSourceFile } = host;
  host.fileExists = (name) => name === file || fileExists(name);
  host.getSourceFile = (name, ...rest) =>
    name === file
      ? ts.createSourceFile(name, lines.join('\n'), ts.ScriptTarget.ES2022)
      : getSourceFile(name, ...rest);
  const program = ts.createProgram([file], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ start = 0, file: source, messageText }) => {
    const line = source?.getLineAndCharacterOfPosition(start).line ?? 0;
    const { kind, metadata } = manifests[line] ?? { kind: '?', metadata: { name: '?' } };
    return `${kind} ${metadata.name}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}
