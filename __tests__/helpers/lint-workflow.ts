import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import path from 'node:path';
import type { ActionMetadata } from '@actions/languageservice/action';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { parse } from 'yaml';
import { actionFolder } from './run-action.ts';

// The language service imports JSON without saying so, which Node refuses.
registerHooks({
  load: (url, context, next) =>
    next(url, url.endsWith('.json') ? { ...context, importAttributes: { type: 'json' } } : context),
});
const { validate } = await import('@actions/languageservice/validate');

let documents = 0;

/**
 * What GitHub's own language service finds wrong in a workflow or an action file. Steps that use this Action are
 * checked against its action.yml; those that use another one are taken as they are.
 *
 * @param name `action.yml` for an action file, anything else for a workflow
 */
export async function lint(name: string, text: string): Promise<string[]> {
  // Its findings are kept by address, so that a second text under the same one would get those of the first.
  const document = TextDocument.create(`file:///${documents++}/${name}`, 'yaml', 1, text);
  const findings = await validate(document, {
    actionsMetadataProvider: {
      fetchActionMetadata: async (reference) => (reference.name === 'transfer-evidence' ? ownMetadata() : undefined),
    },
  });
  return findings
    .filter(({ message }) => !/^Unable to resolve action/.test(String(message)))
    .map(({ range, message }) => `${range.start.line + 1}: ${String(message)}`);
}

function ownMetadata(): ActionMetadata {
  return parse(readFileSync(path.join(actionFolder, 'action.yml'), 'utf8')) as ActionMetadata;
}
