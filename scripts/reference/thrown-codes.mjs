import ts from 'typescript';

const errors = new Set(['DomainRefusal', 'RequestFault']);

/** Every code that a `new DomainRefusal` or `new RequestFault` of the sources can carry, by its type; in order. */
export function thrownCodes(program) {
  const checker = program.getTypeChecker();
  const codes = new Set();
  const visit = (node) => {
    if (ts.isNewExpression(node) && errors.has(node.expression.getText()) && node.arguments?.[0])
      for (const code of codesOf(node.arguments[0], checker)) codes.add(code);
    ts.forEachChild(node, visit);
  };
  for (const source of program.getSourceFiles()) if (isOurs(source)) visit(source);
  return [...codes].sort();
}

/** What another process has refused is told again by its own code, which is documented there. */
const tellsAgain = '/libs/kernel/src/refusal.ts';

function isOurs({ fileName, isDeclarationFile }) {
  return !isDeclarationFile && !fileName.includes('/node_modules/') && !fileName.endsWith(tellsAgain);
}

/** Throws for a code that could be any text: nobody could say whether it is answered. */
function codesOf(argument, checker) {
  const type = checker.getTypeAtLocation(argument);
  const constraint = checker.getBaseConstraintOfType(type) ?? type;
  const types = constraint.isUnion() ? constraint.types : [constraint];
  return types.map((one) => {
    if (one.isStringLiteral()) return one.value;
    const { fileName } = argument.getSourceFile();
    throw new Error(`${fileName}: the code ${argument.getText()} may be any text`);
  });
}
