import type { Database } from './database.ts'

/** The table of the ended sessions. */
export const sessionsSchema = 'CREATE TABLE ended_sessions (sid TEXT PRIMARY KEY)'

/** Remembers which sessions the OP has ended. Access tokens name theirs (`sid`). */
export interface Sessions {
  /** Ends a session. To do it again changes nothing. */
  end(sid: string): Promise<void>
  hasEnded(sid: unknown): Promise<boolean>
}

/** Keeps the ended sessions in a database with their table. */
export function createSessions({ query }: Pick<Database, 'query'>): Sessions {
  return {
    async end(sid) {
      await query('INSERT OR IGNORE INTO ended_sessions VALUES (?)', [sid])
    },
    hasEnded: async sid =>
      typeof sid === 'string' &&
      (await query('SELECT 1 FROM ended_sessions WHERE sid = ?', [sid])).length > 0,
  }
}
