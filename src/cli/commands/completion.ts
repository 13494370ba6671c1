import type { Argv, FallbackCompletionFunction } from 'yargs';

// yargs keeps the name of its own completion command from being found next to a default command.
export const OWN_NAME = 'completion-script';

/** What yargs offers, without single letters as long options. */
const offer: FallbackCompletionFunction = (_current, _args, offered, done) => {
  offered((_error, words) => {
    done((words ?? []).filter((word) => !/^--.(:|$)/.test(word)));
  });
};

/** `provision completion`: prints a script that asks this program again at each press of Tab. */
export function completionCommand(cli: Argv): Argv {
  return cli.completion(OWN_NAME, false, offer).command(
    'completion',
    'Print a completion script for bash or zsh',
    (own) => own.usage('Usage: provision completion >> ~/.bashrc      # or ~/.zshrc'),
    () => {
      cli.showCompletionScript();
    },
  );
}
