/** A mistake, and the command that finds it. */
export interface ErrorCase {
  readonly title: string;
  /** A sentence or two about the mistake. */
  readonly context: string;
  /** What follows `provision`. */
  readonly args: string;
  /** Replaced once each: file, text, new text. */
  readonly edits?: readonly (readonly [file: string, from: string, to: string])[];
  /** New files. */
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Default: 4, bad input. */
  readonly exitCode?: number;
}

const PROD = 'inventory/prod.yml';
const SITE = 'playbooks/site.ts';
const CHECK = '--inventory prod.yml --check';
const VALIDATE = 'validate --inventory prod.yml';

export const ERROR_CASES: readonly ErrorCase[] = [
  {
    title: 'A variable that the playbook does not have',
    context: 'A misspelt variable of a host. The same is said of group_vars, host_vars and `--extra-vars`.',
    args: CHECK,
    edits: [[PROD, 'haproxy_weight: 100', 'haproxy_wieght: 100']],
  },
  {
    title: 'A value of another type',
    context: 'In quotes a number is a text.',
    args: CHECK,
    edits: [[PROD, 'haproxy_weight: 100', "haproxy_weight: '100'"]],
  },
  {
    title: 'A word that is none of those allowed',
    context: 'In a file of variables for a group.',
    args: CHECK,
    files: { 'inventory/group_vars/lb.yml': 'haproxy_port: 8080\nhaproxy_mode: active-pasive\n' },
  },
  {
    title: 'A variable on the command line that there is not',
    context: '`--extra-vars` is checked as an inventory is.',
    args: `${CHECK} --extra-vars haproxy_prot=8080`,
  },
  {
    title: 'A variable that must be set and is not',
    context: 'One of the secrets was left out.',
    args: CHECK,
    edits: [[PROD, '    haproxy_stats_password: !env HAPROXY_STATS_PASSWORD\n', '']],
  },
  {
    title: 'A secret that cannot be had',
    context: 'It is to come from the environment, where it is not.',
    args: CHECK,
    env: { HAPROXY_STATS_PASSWORD: undefined },
  },
  {
    title: 'A connection variable that there is not',
    context: 'What begins with `ansible_` is about the way to a host, and not the playbook’s.',
    args: CHECK,
    edits: [[PROD, 'ansible_user: deploy', 'ansible_usr: deploy']],
  },
  {
    title: 'A variable that is wrong for the whole site',
    context: 'The playbook’s own check looks at several hosts together.',
    args: CHECK,
    files: { 'inventory/group_vars/db.yml': 'mysql_primary: web-0l\n' },
  },
  {
    title: 'A misspelt group in the inventory',
    context: 'The playbook needs `web`.',
    args: CHECK,
    edits: [[PROD, '    web:\n      hosts:', '    wbe:\n      hosts:']],
  },
  {
    title: 'A misspelt child',
    context: 'A group that is named as a child and defined nowhere would be an empty one.',
    args: CHECK,
    edits: [[PROD, '        lb:\n        web:', '        lb:\n        wbe:']],
  },
  {
    title: 'A misspelt host',
    context: 'Named in another group, it would be one host more, without an address.',
    args: CHECK,
    edits: [[PROD, 'web-[01:02]:', 'web-0l:']],
  },
  {
    title: 'A file of variables for nobody',
    context: 'No inventory of the folder has such a group.',
    args: CHECK,
    files: { 'inventory/group_vars/wbe.yml': 'haproxy_weight: 50\n' },
  },
  {
    title: 'YAML that cannot be read',
    context: 'A text with a colon and a space in it needs quotes.',
    args: CHECK,
    edits: [[PROD, 'domain: www.foobar.com', 'domain: site: www.foobar.com']],
  },
  {
    title: 'A key that stands there twice',
    context: 'Other tools take the last one.',
    args: CHECK,
    edits: [[PROD, '    domain: www.foobar.com\n', '    domain: www.foobar.com\n    ansible_user: admin\n']],
  },
  {
    title: 'A Jinja expression',
    context: 'As in an inventory that was written for Ansible.',
    args: CHECK,
    edits: [[PROD, 'domain: www.foobar.com', 'domain: "{{ site_name }}.com"']],
  },
  {
    title: 'A host or group in --limit that there is not',
    context: 'Nothing is left out in silence.',
    args: `${CHECK} --limit 'web,lb-02'`,
  },
  { title: 'A tag that no task has', context: 'The same is said of `--skip-tags`.', args: `${CHECK} --tags ngnix` },
  {
    title: 'A play for a group that the playbook does not declare',
    context: 'A playbook lists the groups that it needs.',
    args: CHECK,
    edits: [[SITE, "name: 'Web servers', hosts: 'web'", "name: 'Web servers', hosts: 'wbe'"]],
  },
  {
    title: 'A tag that the playbook does not declare',
    context: 'A playbook may list its tags; then every other is a mistake.',
    args: CHECK,
    edits: [[SITE, "tags: ['nginx']", "tags: ['ngnix']"]],
  },
  {
    title: 'A group that a role asks for and nobody has',
    context: 'The role names the load balancers, whose addresses Nginx trusts.',
    args: CHECK,
    edits: [['playbooks/roles/nginx.ts', "hosts('lb')", "hosts('bl')"]],
  },
  {
    title: 'An option that a task does not have',
    context: 'Every option of every task is checked for every host.',
    args: CHECK,
    edits: [['playbooks/roles/nginx.ts', 'reloadWhen:', 'reloadWehn:']],
  },
  {
    title: 'A template that is not there',
    context: 'Templates are rendered for every host before anything is contacted.',
    args: CHECK,
    edits: [['playbooks/roles/nginx.ts', "'nginx-site.conf.ejs'", "'nginx-sites.conf.ejs'"]],
  },
  {
    title: 'A variable that a template is not given',
    context:
      '`provision validate` compiles every template against the type that it names; so it also sees the branches that no host takes today.',
    args: VALIDATE,
    edits: [['templates/nginx-site.conf.ejs', 'v.domain', 'v.domian']],
  },
  {
    title: 'A template that names no type',
    context: 'The first line says what the template is given.',
    args: VALIDATE,
    edits: [['templates/nginx-site.conf.ejs', "<%# vars: NginxTemplate from '../playbooks/roles/nginx.js' -%>\n", '']],
  },
  {
    title: 'A type that does not fit',
    context:
      'A role gives a number where its template takes a text. Playbooks and roles are type-checked by `provision validate`.',
    args: VALIDATE,
    edits: [['playbooks/roles/nginx.ts', 'maxBody: vars.nginx_max_body', 'maxBody: vars.nginx_read_timeout']],
  },
  {
    title: 'A playbook that does not parse',
    context: 'A bracket is missing.',
    args: CHECK,
    edits: [[SITE, "tags: ['base'], tasks", "tags: ['base', tasks"]],
  },
  {
    title: 'A playbook that there is not',
    context: 'A name that is neither a command nor a playbook.',
    args: `${CHECK} sit`,
  },
  {
    title: 'A plan that was edited by hand',
    context: 'A saved plan has a digest over all of it. `apply` refuses it as `show` does.',
    args: 'show site.plan',
    files: {
      'site.plan':
        '{"format":1,"tool":"provision 0.1.0","inventory":{},"playbook":{},"selection":{},"events":[],"hosts":{},"digest":"none"}\n',
    },
    exitCode: 5,
  },
  {
    title: 'A plan of another version',
    context: 'The form of plan files has a number. Another one is not guessed at.',
    args: 'apply site.plan',
    files: { 'site.plan': '{"format":2,"tool":"provision 9.0.0","digest":"none"}\n' },
    exitCode: 5,
  },
  {
    title: 'A file that is no plan',
    context: 'An inventory was given where a plan belongs.',
    args: 'show inventory/prod.yml',
  },
];
