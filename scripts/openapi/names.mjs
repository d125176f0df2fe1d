import ts from 'typescript';

/** What a type is called and which file of ours calls it so; undefined for what has no name of ours. */
export function nameOf(type, checker) {
  const { symbol, args } = named(type, checker);
  const file = symbol?.declarations?.[0]?.getSourceFile().fileName;
  if (!file || /\/node_modules\//.test(file)) return undefined;
  const parts = args.map((argument) => nameOf(argument, checker)?.name);
  if (parts.includes(undefined)) return undefined;
  const name = parts.length === 0 ? symbol.name : `${symbol.name}Of${parts.join('And')}`;
  return { name, file, symbol };
}

function named(type, checker) {
  if (type.aliasSymbol) return { symbol: type.aliasSymbol, args: type.aliasTypeArguments ?? [] };
  const { symbol } = type;
  if (!symbol || !(symbol.flags & ts.SymbolFlags.Interface)) return { symbol: undefined, args: [] };
  const isReference = type.objectFlags & ts.ObjectFlags.Reference;
  return { symbol, args: isReference ? checker.getTypeArguments(type) : [] };
}

/** The doc comment of a symbol as one line of plain text; empty where there is none. */
export function documentationOf(symbol, checker) {
  return plain(ts.displayPartsToString(symbol.getDocumentationComment(checker)));
}

/** A doc comment without links and line ends. */
function plain(text) {
  return text
    .replaceAll(/\{@link ([^}\s]+)\s*\}/g, '`$1`')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
