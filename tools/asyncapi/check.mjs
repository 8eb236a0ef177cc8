// Reads one AsyncAPI document with the official parser and says, as one JSON list, what it finds.
import { readFileSync } from 'node:fs';
import { Parser } from '@asyncapi/parser';

const LEVELS = ['error', 'warning', 'information', 'hint'];

const { diagnostics } = await new Parser().parse(readFileSync(process.argv[2], 'utf8'));
const findings = diagnostics.map(({ severity, code, path, message }) => ({
  level: LEVELS[severity],
  code: String(code),
  path: path.join('/'),
  message,
}));
process.stdout.write(JSON.stringify(findings));
