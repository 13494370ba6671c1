import { ensureGroupVars } from './groupVars.js';

// The Vagrantfile's way to its variables: node groupVarsMain.js FILE
await ensureGroupVars(process.argv[2] ?? 'inventory/group_vars/vagrant.yml');
