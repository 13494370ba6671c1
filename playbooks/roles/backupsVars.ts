import { z } from 'zod';

/** What makes a backup, on each database host. */
export const BACKUP_PROGRAM = '/usr/local/sbin/provision-db-backup';

/** Variables of the databases' backups. */
export const backupsVars = z.object({
  /** When they are made, as systemd.time(7) says it; up to five minutes later, so that hosts do not all begin at once. */
  backup_calendar: z.string().min(1).default('*-*-* 02:30'),
  /** Where they are kept, on each database host; only root may look into it. `provision db restore` reads them there. */
  backup_folder: z
    .string()
    .regex(/^(\/[A-Za-z0-9._-]+)+$/, 'expected an absolute path of plain names, such as /var/backups/mysql')
    .default('/var/backups/mysql'),
  /** How many days they are kept. The newest one stays, however old it is. */
  backup_keep_days: z.number().int().min(1).max(3650).default(14),
});

export type BackupVars = z.output<typeof backupsVars>;
