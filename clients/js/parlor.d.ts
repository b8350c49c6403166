// SPDX-License-Identifier: MIT
// What the README says, for TypeScript. Checked by test/types.test.js.

/** Any JSON value. */
export type Json =
  | string | number | boolean | null
  | readonly Json[] | { readonly [key: string]: Json | undefined };

/**
 * T where it can be written as JSON, an interface as well as a type; never
 * where it, or something in it, cannot.
 */
export type Jsonable<T> =
  T extends Json ? T
  : T extends bigint | symbol | undefined | ((...of: any[]) => unknown) ? never
  : T extends { toJSON(): unknown } ? T
  : T extends object ? {
    [K in keyof T]: undefined extends T[K]
      ? Jsonable<Exclude<T[K], undefined>> | undefined : Jsonable<T[K]> }
  : never;

export type State = 'idle' | 'connecting' | 'online' | 'waiting' | 'closed';

/** The place of an event in a room's order. */
export interface Position {
  epoch: string;
  seq: number;
}

export interface Options {
  /** Who to be; left out, the token says it or the service makes up a name. */
  user?: string;
  /**
   * Called for each connection, before a token expires and after it has. Has
   * `connectTimeoutMs` for it. Where there is no other one for `expired`, the
   * client is closed.
   */
  getToken?: (why: { reason: 'connect' | 'expiring' | 'expired' }) =>
    string | undefined | Promise<string | undefined>;
  /** Where there is no global one, such as that of the package `ws`. */
  WebSocket?: unknown;
  /** Where there is no global one: asks why no connection comes about. */
  fetch?: (url: string, options?: any) => Promise<{ status: number }>;
  /** How many requests wait for a connection at most. 1000. */
  maxQueued?: number;
  /** For an answer, once the request was sent. 15000. */
  requestTimeoutMs?: number;
  /** For a token, and for the connection and its first frame. 10000. */
  connectTimeoutMs?: number;
  /** Milliseconds; 500 and 20000. */
  backoff?: { base?: number; cap?: number };
  /** 0 to 1, as Math.random. */
  random?: () => number;
  /** For tests. */
  clock?: Clock;
}

export interface Clock {
  now(): number;
  setTimeout(callback: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

/** The service's first frame. */
export interface Connection {
  user_id: string;
  rooms: string[];
  connection: string;
  node: string;
  ping_ms: number;
  limits: {
    message_bytes: number;
    rooms_per_connection: number;
    messages_per_second: number;
    message_burst?: number;
    json_depth?: number;
  };
}

export interface JoinOptions {
  /** Messages of before to get, where there is no `since`. */
  rewind?: number;
  /** Where to go on from, such as an earlier `position(room)`. */
  since?: Position | null;
  /** Asks for the presence of the others. */
  presence?: boolean;
}

export interface Joined extends Position {
  room: string;
  /** Sorted; null where only their number is known. */
  members: string[] | null;
  count: number;
  recovered: boolean;
  replayed: number;
}

export interface Message {
  room: string;
  sender: string;
  content: any;
  /** RFC 3339, UTC. */
  timestamp: string;
  seq: number;
  /** Said over the HTTP API. No client's message has it, whatever its name. */
  origin?: 'api';
}

export interface StateChange {
  state: State;
  /** Of the close, with `waiting` and `closed`. */
  code?: number;
  reason?: string;
  reconnect?: boolean;
  /** With `waiting`. */
  retryInMs?: number;
}

/** What came after `from`, up to and with `to`, may be missing. */
export interface Gap {
  room: string;
  reason: 'not_recovered' | 'room_reset' | 'hole';
  from: Position;
  to: Position;
}

export interface Coming {
  room: string;
  user: string;
  seq: number;
  /** It is older than the join. */
  replayed: boolean;
}

export interface Shown {
  connection: string;
  data: any;
}

export interface Events {
  state: StateChange;
  message: Message & { replayed: boolean };
  private: {
    from: string; to: string; content: any; timestamp: string;
    /** As that of a message. */
    origin?: 'api';
  };
  system: { content: any; timestamp: string };
  joined: Joined & { again: boolean };
  user_joined: Coming;
  user_left: Coming & {
    reason: 'left' | 'closed' | 'timeout' | 'node_down' | 'kicked';
  };
  members: { room: string; members: string[] | null; count: number };
  presence: { room: string; users: { [user: string]: Shown[] } };
  signal: { room: string; name: string; data: any; user: string };
  gap: Gap;
  /** One is in it no more, and was not let in again. */
  room_lost: { room: string; error: ParlorError };
  /** Nobody waits for the answer that this is. */
  error: {
    error: Error;
    request?: { type: string; room: string; name: string; data?: Json };
  };
}

export class ParlorError extends Error {
  constructor(code: string, message: string, details?: object);
  code: string;
  retryable: boolean;
  retryAfterMs?: number;
  closeCode?: number;
  closeReason?: string;
  /** Of a publish: with it, it may be tried again and is said once. */
  key?: string;
  /** Of an `unknown_outcome`: why no answer is waited for any more. */
  cause?: unknown;
}

export class Client {
  constructor(url: string | URL, options?: Options);

  on<K extends keyof Events>(
    type: K, listener: (event: Events[K]) => void): () => void;
  off<K extends keyof Events>(
    type: K, listener: (event: Events[K]) => void): void;

  readonly state: State;
  readonly user: string | undefined;
  readonly connection: Connection | null;
  connect(): Promise<Connection>;
  reconnect(): void;
  close(): void;

  readonly joined: string[];
  join(room: string, options?: JoinOptions): Promise<Joined>;
  /** False where one stays, for it was joined more often than left. */
  leave(room: string): Promise<boolean>;
  position(room: string): Position | null;
  publish<T>(room: string, content: T & Jsonable<T>, options?: {
    key?: string; excludeSelf?: boolean }): Promise<Position>;
  /** Throws where no service would take it. */
  signal<T>(room: string, name: string, data?: T & Jsonable<T>): boolean;
  presence<T>(room: string, data: T & Jsonable<T>): Promise<void>;
  history(room: string, options?: {
    before?: number; limit?: number }): Promise<Message[]>;
  members(room: string): Promise<{ members: string[] | null; count: number }>;

  private<T>(
    to: string, content: T & Jsonable<T>): Promise<{ delivered: number }>;
  rooms(): Promise<string[]>;
  ping(): Promise<number>;
}

export function connect(url: string | URL, options?: Options): Promise<Client>;
