import type { z } from 'zod';
import { KNOWN_NAMES } from '../connectionVars.js';
import { GROUP_NAME, SECTIONS } from '../parseGroups.js';
import { connectionProperties } from './connection.js';
import { variablesSchema, type JsonSchema, type MapSchema } from './variables.js';

/** What the schemas of a project's files are made of. */
export interface SchemaSource {
  /** The playbook's schema of variables. */
  readonly vars: z.ZodType;
  /** The groups that it names. */
  readonly groups: readonly string[];
  /** The variables' docstrings, by path. */
  readonly docs: ReadonlyMap<string, string>;
}

const DRAFT = 'http://json-schema.org/draft-07/schema#';

/** The schema of an inventory's own file. */
export function inventorySchema(source: SchemaSource): JsonSchema {
  const { definitions, ...host } = allVariables(source);
  const group = { $ref: '#/definitions/group' };
  const named = Object.fromEntries(['all', ...source.groups].map((name) => [name, group]));
  return {
    $schema: DRAFT,
    title: 'Inventory',
    type: ['object', 'null'],
    propertyNames: { pattern: GROUP_NAME.source, not: { enum: [...SECTIONS] } },
    properties: named,
    additionalProperties: group,
    definitions: {
      ...definitions,
      group: {
        type: ['object', 'null'],
        properties: {
          hosts: {
            description: 'The hosts of the group; web-[01:03] is three of them. Variables of a host stand below it.',
            type: ['object', 'string', 'null'],
            additionalProperties: { $ref: '#/definitions/hostVariables' },
          },
          children: {
            description: 'The groups in the group.',
            type: ['object', 'string', 'null'],
            properties: named,
            propertyNames: { pattern: GROUP_NAME.source },
            additionalProperties: group,
          },
          vars: { ...groupVariables(host), description: 'Variables of all hosts of the group.' },
        },
        additionalProperties: false,
      },
      hostVariables: { ...host, type: ['object', 'null'] },
    },
  };
}

/** The schema of a file of variables: in `group_vars`, in `host_vars`, or after `--extra-vars @`. */
export function varsSchema(source: SchemaSource): JsonSchema {
  const all = allVariables(source);
  // The text that a wholly vaulted file is.
  return {
    $schema: DRAFT,
    title: 'Variables',
    ...all,
    type: ['object', 'null', 'string'],
    pattern: '^\\$ANSIBLE_VAULT;',
  };
}

/** The playbook's variables and those about the connection. */
function allVariables({ vars, docs }: SchemaSource): MapSchema {
  const own = variablesSchema(vars, docs);
  const strange = `^(?!(?:${KNOWN_NAMES.join('|')})$)ansible_`;
  return {
    ...own,
    properties: { ...own.properties, ...connectionProperties() },
    // Where the playbook lets other variables pass, a misspelt connection variable is still none of them.
    ...(own.additionalProperties === false ? {} : { patternProperties: { [strange]: false } }),
  };
}

function groupVariables(host: MapSchema): JsonSchema {
  const priority = {
    description: 'Of groups of one depth, the one with the greatest is merged last. Default: 1.',
    type: 'integer',
  };
  return {
    ...host,
    type: ['object', 'null'],
    properties: { ...host.properties, ansible_group_priority: priority },
  };
}
