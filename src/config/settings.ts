/**
 * What the environment says, read once and checked. Nothing below the top floor knows that variables exist.
 */
export interface Settings {
  readonly profile: 'dev' | 'production';
  /** Path of textops.yaml or textops.toml. */
  readonly configFile: string;
  readonly database: DatabaseSettings;
  readonly http: { readonly host: string; readonly port: number };
  /** Where people and providers reach this instance from outside; without a slash at the end. */
  readonly publicUrl?: string;
  readonly telegram?: TelegramSettings;
  readonly slack?: SlackSettings;
  readonly twilio?: TwilioSettings;
  readonly worker: { readonly mode: 'in-process' | 'separate'; readonly concurrency: number };
  readonly queue: 'database' | 'memory';
  readonly leaseMs: number;
  readonly log: { readonly level: LogLevel; readonly format: 'pretty' | 'json' };
  readonly oidc?: OidcSettings;
  readonly apiTokens: readonly ApiToken[];
  /** The private key that signs the seals; published seals are kept beside it. */
  readonly sealKeyFile: string;
  readonly otlpEndpoint?: string;
  readonly testDatabaseUrl?: string;
}

export type DatabaseSettings =
  | { readonly dialect: 'sqlite' /** A path, or `:memory:`. */; readonly file: string }
  | { readonly dialect: 'pg'; readonly url: string };

export interface TelegramSettings {
  readonly token: string;
  readonly apiRoot: string;
  readonly webhookSecret?: string;
}

export interface SlackSettings {
  readonly botToken?: string;
  readonly signingSecret?: string;
  readonly appToken?: string;
  readonly apiRoot: string;
  /** Present when workspaces install the app themselves. */
  readonly oauth?: { readonly clientId: string; readonly clientSecret: string };
}

export interface TwilioSettings {
  readonly accountSid: string;
  readonly authToken: string;
  readonly from: string;
  readonly apiRoot: string;
}

export interface OidcSettings {
  readonly issuer: string;
  readonly audience: string;
  /** Present when people log in to the console with a browser. */
  readonly client?: { readonly id: string; readonly secret: string };
}

export interface ApiToken {
  readonly name: string;
  readonly role: string;
  readonly token: string;
}

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
