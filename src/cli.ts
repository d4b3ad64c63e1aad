#!/usr/bin/env node
import { runCommandLine } from './command-line/run.ts';

process.exitCode = await runCommandLine(process.argv.slice(2), process);
