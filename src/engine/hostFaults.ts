import { placeOf } from '../inventory/places.js';
import { InputError } from '../model/errors.js';
import type { Inventory } from '../model/inventory.js';
import type { HostFault } from '../model/playbook.js';
import { didYouMean } from '../util/names.js';

/** What a playbook's own check found, as errors: each once, at the place of the variable that it is about, with the nearest right value. */
export function hostFaults(faults: readonly HostFault[], inventory: Inventory): readonly InputError[] {
  return faults.map(({ message, host: name, variable, value, known = [], hint }) => {
    const host = inventory.hosts.find((one) => one.name === name);
    const where = host === undefined ? undefined : ((variable === undefined ? undefined : placeOf(host, [variable])) ?? host.at);
    const near = value === undefined ? '' : didYouMean(value, known);
    return new InputError(message + near, {
      where,
      hint: hint ?? (near === '' && known.length > 0 ? `one of ${known.join(', ')}` : undefined),
    });
  });
}
