/** `vouch demo`: the main job on real input, in a temporary folder. */
import { once } from 'node:events';
import { runDemo } from '#src/demo/run-demo.ts';
import { EXIT_OK, flagOption, type CliCommand } from './command.ts';

export const demo: CliCommand = {
  name: 'demo',
  summary: 'Plays thirty simulated days with attacks in them through the service, and shows what it caught.',
  usage: '[--exit]',
  options: {
    exit: { type: 'boolean', help: 'end when everything is shown; without it the server stays up' },
  },
  run: async (input) => {
    const untilStopped = () => Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
    await runDemo({ exit: flagOption(input, 'exit'), untilStopped });
    return EXIT_OK;
  },
};
