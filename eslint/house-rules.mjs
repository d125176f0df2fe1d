// House rules that no published plugin has. test/lint plants a violation of each.

const kebab = '[a-z0-9]+(?:-[a-z0-9]+)*';
const roles =
  'events|state|decide|policy|upcast|controller|subscription|publisher|projection|table|query|module|config|' +
  'contract|v\\d+|http';
// A spec may name what it is about: receipt-book.numbering.spec.ts.
const spec = `(?:\\.${kebab})?(?:\\.int|\\.e2e)?\\.spec`;
const fileName = new RegExp(`/${kebab}(?:\\.(?:${roles})|${spec})?\\.ts$`);

const fileNames = {
  meta: { type: 'problem', schema: [] },
  create: (context) => ({
    Program(node) {
      const path = context.filename.replaceAll('\\', '/');
      if (path.endsWith('/index.ts')) {
        context.report({ node, message: 'No barrels: import from the file that has it.' });
      } else if (!fileName.test(path)) {
        context.report({
          node,
          message: 'File names are kebab-case with a role suffix from the closed list.',
        });
      }
    },
  }),
};

const nameOf = ({ declarations, id }) => declarations?.[0]?.id.name ?? id?.name ?? 'this';

const docOnExports = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const documented = new Set();
    return {
      ExportNamedDeclaration(node) {
        if (!node.declaration) return;
        const decorators = node.declaration.decorators ?? [];
        const first = [node, ...decorators].reduce((a, b) => (b.range[0] < a.range[0] ? b : a));
        const doc = context.sourceCode.getCommentsBefore(first).at(-1);
        const name = nameOf(node.declaration);
        // Overloads share one comment, and so do a schema and its type: donorContract, DonorContract.
        if (doc?.type === 'Block' && doc.value.startsWith('*')) documented.add(name.toLowerCase());
        else if (!documented.has(name.toLowerCase())) {
          context.report({ node, message: `Say in a doc comment what ${name} promises.` });
        }
      },
    };
  },
};

/** The rules as an eslint plugin: `house/file-names`, `house/doc-on-exports`. */
export default { rules: { 'file-names': fileNames, 'doc-on-exports': docOnExports } };
