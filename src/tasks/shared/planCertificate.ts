import {
  certificateState,
  type CertificateContent,
  type CertificateFile,
  type CertificateParams,
  type CertificateState,
} from '../../facts/certificate.js';
import { pathExists } from '../../facts/exists.js';
import { fileState, type FileState } from '../../facts/file.js';
import { sh, type Change } from '../../model/change.js';
import { PlanError } from '../../model/errors.js';
import { predictFrom } from '../../model/fact.js';
import { sha256 } from '../../util/hash.js';
import { authorityText, type Authority } from './authority.js';
import { issueScript, type CertificateFiles } from './certificateScript.js';
import { ownershipDifferences, ownershipScript } from './ownership.js';
import { predictFile } from './textFile.js';

const DAY = 86_400;

/** A certificate that is wanted. */
export interface WantedCertificate extends Omit<CertificateFiles, 'issue'> {
  readonly authority: Authority;
  readonly renewBeforeDays: number;
}

/** The read that `planCertificate` plans on. */
export function questionOf(wanted: WantedCertificate | Omit<WantedCertificate, 'authority'>): CertificateParams {
  const { path, keyPath, caPath, chainPath, caCertificate } = wanted;
  return { path, keyPath, authorityPath: caPath, chainPath, authority: authorityText(caCertificate) };
}

/** What must change for a certificate, its key and what goes with them to be right. */
export function planCertificate(wanted: WantedCertificate, now: CertificateState): readonly Change[] {
  const files = filesOf(wanted, now);
  for (const { path, state } of files) {
    if (state.type === 'other') throw new PlanError(`${path} is not a file`, { hint: 'remove it, or name another path' });
  }
  const reasons = reasonsOf(wanted, now);
  const days = Math.min(wanted.days, Math.floor((wanted.authority.notAfter - now.now) / DAY));
  if (days <= wanted.renewBeforeDays) {
    throw new PlanError(`the authority ${wanted.authority.subject} is valid for ${days} more days only`, {
      hint: 'make a new authority: certificates would be issued anew each time',
    });
  }
  const others = files.filter(({ matches }) => !matches).map(({ name }) => name);
  const drift = files
    .filter(({ state }) => state.type === 'file')
    .flatMap(({ path, wanted: own, state }) => {
      const words = ownershipDifferences(own, { ...state, type: 'file', size: 0 });
      return words.length === 0 ? [] : [{ words: `${path}: ${words.join(', ')}`, script: ownershipScript(path, own) }];
    });
  const issue = reasons.length > 0;
  if (!issue && others.length === 0 && drift.length === 0) return [];
  const { commonName, names } = wanted;
  const fresh = { commonName, names, notAfter: now.now + days * DAY, fromAuthority: true, keyMatches: true };
  const content: CertificateContent = issue || now.content === undefined ? fresh : now.content;
  const rewrite = issue || others.length > 0;
  const words = [
    ...(issue ? [`issue for ${commonName}: ${reasons.join(', ')}`] : others.map((name) => `write the ${name}`)),
    ...(rewrite ? [] : drift.map((one) => one.words)),
  ];
  const script = rewrite ? issueScript({ ...wanted, days, issue }) : drift.map((one) => one.script).join('\n');
  return [
    {
      summary: words.join(', '),
      diff: issue
        ? {
            before: now.content && inWords(now.content, `until: ${day(now.content.notAfter)}`),
            after: inWords(content, `for: ${days} days`),
          }
        : undefined,
      steps: [sh(script, { timeoutSeconds: 120 })],
      touches: files.map(({ path }) => `path:${path}` as const),
      creates: files.filter(({ state }) => state.type === 'absent').map(({ path }) => `path:${path}` as const),
      predicts: [
        certificateState(questionOf(wanted)).predict({ ...now, ...after(wanted), content }),
        ...files.flatMap((one) => predictCertificateFile(one, wanted, issue)),
      ],
    },
  ];
}

/** Why it must be issued anew, in words. */
function reasonsOf({ commonName, names, renewBeforeDays }: WantedCertificate, now: CertificateState): readonly string[] {
  const { content } = now;
  if (content === undefined) return [now.certificate.type === 'absent' ? 'there is none' : 'what is there is no certificate'];
  const left = content.notAfter - now.now;
  return [
    ...(content.commonName === commonName ? [] : [`its subject is ${content.commonName}`]),
    ...(content.names.join() === names.join() ? [] : [`it is for ${content.names.join(', ') || 'no name'}`]),
    ...(content.fromAuthority ? [] : ['another authority signed it']),
    ...(content.keyMatches === false || now.key.type === 'absent' ? ['its key is not there'] : []),
    ...(left > renewBeforeDays * DAY
      ? []
      : [left > 0 ? `it expires on ${day(content.notAfter)}` : `it expired on ${day(content.notAfter)}`]),
  ];
}

/** What stands at one of its paths afterwards: only the authority's certificate is known as a whole before. */
function predictCertificateFile({ path, wanted: own, name, matches }: WantedFile, o: WantedCertificate, issue: boolean) {
  if (name === AUTHORITY && !matches) {
    const text = authorityText(o.caCertificate);
    const whole: FileState = { type: 'file', ...own, size: Buffer.byteLength(text), sha256: sha256(text), content: text };
    return [predictFile({ path }, whole), pathExists(path).predict(true)];
  }
  const anew = name === AUTHORITY ? false : issue || !matches;
  const fresh: FileState = { type: 'file', ...own, size: 0, contentFrom: `certificate ${o.path}`, anew: true };
  return [
    predictFrom(fileState({ path }), (now) => ({ value: anew ? fresh : { ...now, ...own } })),
    pathExists(path).predict(true),
  ];
}

const AUTHORITY = "authority's certificate";

interface WantedFile {
  readonly name: string;
  readonly path: string;
  readonly wanted: { readonly owner: string; readonly group: string; readonly mode: string };
  readonly state: CertificateFile;
  /** Whether it holds what it should, as far as that can be said apart from the certificate. */
  readonly matches: boolean;
}

function filesOf(wanted: WantedCertificate, now: CertificateState): readonly WantedFile[] {
  const { owner, group, mode, keyMode } = wanted;
  const open = { owner, group, mode };
  return [
    { name: 'certificate', path: wanted.path, wanted: open, state: now.certificate, matches: true },
    { name: 'key', path: wanted.keyPath, wanted: { owner, group, mode: keyMode }, state: now.key, matches: true },
    ...(wanted.caPath === undefined
      ? []
      : [
          {
            name: AUTHORITY,
            path: wanted.caPath,
            wanted: open,
            state: now.authority,
            matches: now.authorityMatches,
          },
        ]),
    ...(wanted.chainPath === undefined
      ? []
      : [{ name: 'chain', path: wanted.chainPath, wanted: open, state: now.chain, matches: now.chainMatches }]),
  ];
}

function after({ owner, group, mode, keyMode }: WantedCertificate): Omit<CertificateState, 'openssl' | 'now' | 'content'> {
  const open: CertificateFile = { type: 'file', owner, group, mode };
  return {
    certificate: open,
    key: { ...open, mode: keyMode },
    authority: open,
    chain: open,
    authorityMatches: true,
    chainMatches: true,
  };
}

/** `valid` is a span for one to come: a date would make a plan another one each day. */
function inWords({ commonName, names, fromAuthority }: CertificateContent, valid: string): string {
  return `subject: ${commonName}\nfor: ${names.join(', ')}\nvalid ${valid}\nauthority: ${fromAuthority ? 'the wanted one' : 'another one'}\n`;
}

function day(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}
