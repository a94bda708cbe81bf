// Declarations of imports, of `import.meta` and of the environment, which every project has. It contains no code.

/** The mode of the build, and public environment variables. */
interface ImportMetaEnv {
  readonly MODE: "development" | "production";
  readonly DEV: boolean;
  readonly PROD: boolean;
  /** False: no script runs on a server. */
  readonly SSR: false;
  /** The key `mount`, with a slash at both ends. */
  readonly BASE_URL: string;
  /** Environment variables of the build. Variables without the public prefix are undefined. */
  readonly [variable: `PUBLIC_${string}`]: string | undefined;
}

interface ImportGlobOptions {
  /** The export that is imported; the whole module by default. */
  readonly import?: string;
  /** The query of each import: `"?raw"`, `{ url: true }`. */
  readonly query?: string | Readonly<Record<string, string | boolean>>;
  /** The folder from which the patterns and the keys count; the script's by default. */
  readonly base?: string;
  /** Whether hidden files and `node_modules` are found. */
  readonly exhaustive?: boolean;
}

/** The files that patterns find when the script is bundled, by path. */
interface ImportGlob {
  <Module = unknown>(
    patterns: string | readonly string[],
    options: ImportGlobOptions & { readonly eager: true },
  ): Record<string, Module>;
  <Module = unknown>(
    patterns: string | readonly string[],
    options?: ImportGlobOptions & { readonly eager?: false },
  ): Record<string, () => Promise<Module>>;
}

interface ImportMeta {
  readonly env: ImportMetaEnv;
  readonly glob: ImportGlob;
  /** Undefined in a release. */
  readonly hot?: undefined;
}

/** The assets of the build, for service workers. */
declare module "kiln:assets" {
  export interface Asset {
    /** The URL, that of a page too. */
    readonly url: string;
    /** The media type without parameters: `"text/html"`. */
    readonly type: string;
  }

  /** Every file that is served, sorted by URL, but for service workers and source maps. */
  export const assets: readonly Asset[];

  /** A digest of the URLs and contents of `assets`: it changes exactly when one of them does. */
  export const build: string;
}

// CSS modules whose names the build has not seen: those of packages, and new ones.
declare module "*.module.css" {
  /** Generated names, by name in the style sheet. */
  const names: Readonly<Record<string, string>>;
  export default names;
}
declare module "*.module.scss" {
  /** Generated names, by name in the style sheet. */
  const names: Readonly<Record<string, string>>;
  export default names;
}
declare module "*.module.sass" {
  /** Generated names, by name in the style sheet. */
  const names: Readonly<Record<string, string>>;
  export default names;
}

declare module "*.css" {
  /** Of an import `with { type: "css" }`; other imports have no value. */
  const sheet: CSSStyleSheet;
  export default sheet;
}
declare module "*.scss" {
  /** Of an import `with { type: "css" }`; other imports have no value. */
  const sheet: CSSStyleSheet;
  export default sheet;
}
declare module "*.sass" {
  /** Of an import `with { type: "css" }`; other imports have no value. */
  const sheet: CSSStyleSheet;
  export default sheet;
}

// Imports with a query. The first pattern that fits counts.
declare module "*?url" {
  const url: string;
  export default url;
}
declare module "*&url" {
  const url: string;
  export default url;
}
declare module "*?url&worker" {
  const url: string;
  export default url;
}
declare module "*?url&sharedworker" {
  const url: string;
  export default url;
}
declare module "*?no-inline" {
  const url: string;
  export default url;
}
declare module "*?raw" {
  const text: string;
  export default text;
}
declare module "*&raw" {
  const text: string;
  export default text;
}
declare module "*?init" {
  /** Instantiates the WebAssembly module. */
  const init: (imports?: WebAssembly.Imports) => Promise<WebAssembly.Instance>;
  export default init;
}
declare module "*?worker" {
  const Script: new (options?: WorkerOptions) => Worker;
  export default Script;
}
declare module "*&worker" {
  const Script: new (options?: WorkerOptions) => Worker;
  export default Script;
}
declare module "*?worker&inline" {
  const Script: new (options?: WorkerOptions) => Worker;
  export default Script;
}
declare module "*?worker&no-inline" {
  const Script: new (options?: WorkerOptions) => Worker;
  export default Script;
}
declare module "*?sharedworker" {
  const Script: new (options?: WorkerOptions) => SharedWorker;
  export default Script;
}
declare module "*&sharedworker" {
  const Script: new (options?: WorkerOptions) => SharedWorker;
  export default Script;
}
declare module "*?sharedworker&inline" {
  const Script: new (options?: WorkerOptions) => SharedWorker;
  export default Script;
}
declare module "*?sharedworker&no-inline" {
  const Script: new (options?: WorkerOptions) => SharedWorker;
  export default Script;
}
declare module "*?inline" {
  /** A `data:` URL; of a style sheet, its compiled text. */
  const content: string;
  export default content;
}
declare module "*&inline" {
  /** A `data:` URL; of a style sheet, its compiled text. */
  const content: string;
  export default content;
}
declare module "*&no-inline" {
  const url: string;
  export default url;
}

// Text, and imports `with { type: "text" }`.
declare module "*.txt" {
  const text: string;
  export default text;
}
declare module "*.html" {
  const text: string;
  export default text;
}
declare module "*.md" {
  const text: string;
  export default text;
}

// The import of another file of a known type is its URL.
declare module "*.aac" {
  const url: string;
  export default url;
}
declare module "*.apng" {
  const url: string;
  export default url;
}
declare module "*.avif" {
  const url: string;
  export default url;
}
declare module "*.bmp" {
  const url: string;
  export default url;
}
declare module "*.cur" {
  const url: string;
  export default url;
}
declare module "*.eot" {
  const url: string;
  export default url;
}
declare module "*.flac" {
  const url: string;
  export default url;
}
declare module "*.gif" {
  const url: string;
  export default url;
}
declare module "*.ico" {
  const url: string;
  export default url;
}
declare module "*.jfif" {
  const url: string;
  export default url;
}
declare module "*.jpeg" {
  const url: string;
  export default url;
}
declare module "*.jpg" {
  const url: string;
  export default url;
}
declare module "*.jxl" {
  const url: string;
  export default url;
}
declare module "*.m4a" {
  const url: string;
  export default url;
}
declare module "*.mov" {
  const url: string;
  export default url;
}
declare module "*.mp3" {
  const url: string;
  export default url;
}
declare module "*.mp4" {
  const url: string;
  export default url;
}
declare module "*.ogg" {
  const url: string;
  export default url;
}
declare module "*.opus" {
  const url: string;
  export default url;
}
declare module "*.otf" {
  const url: string;
  export default url;
}
declare module "*.pdf" {
  const url: string;
  export default url;
}
declare module "*.pjp" {
  const url: string;
  export default url;
}
declare module "*.pjpeg" {
  const url: string;
  export default url;
}
declare module "*.png" {
  const url: string;
  export default url;
}
declare module "*.svg" {
  const url: string;
  export default url;
}
declare module "*.ttf" {
  const url: string;
  export default url;
}
declare module "*.vtt" {
  const url: string;
  export default url;
}
declare module "*.wasm" {
  const url: string;
  export default url;
}
declare module "*.wav" {
  const url: string;
  export default url;
}
declare module "*.weba" {
  const url: string;
  export default url;
}
declare module "*.webm" {
  const url: string;
  export default url;
}
declare module "*.webmanifest" {
  const url: string;
  export default url;
}
declare module "*.webp" {
  const url: string;
  export default url;
}
declare module "*.woff" {
  const url: string;
  export default url;
}
declare module "*.woff2" {
  const url: string;
  export default url;
}
