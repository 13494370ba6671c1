import type { FaultReport } from '../../model/event.js';
import { shownPosition } from '../text.js';
import { html, type Markup } from './markup.js';

/** All that is known of a fault. */
export function faultBody({ message, where, command, output, hint }: FaultReport): Markup {
  return html`<div class="fault">
    <p class="message">${message}</p>
    ${where === undefined ? undefined : html`<p>at <code>${shownPosition(where)}</code></p>`}
    ${command === undefined || command === '' ? undefined : block('Command', command)}
    ${output === undefined || output.trim() === '' ? undefined : block('Output', output.trimEnd())}
    ${hint === undefined ? undefined : html`<p class="hint"><b>Try:</b> ${hint}</p>`}
  </div>`;
}

function block(name: string, text: string): Markup {
  return html`<p>${name}:</p>
    <pre tabindex="0" role="region" aria-label="${name}">${text}</pre>`;
}
