// What the official engine expects of its surroundings, and the functions that engine.rs calls, `kiln*`. Those that
// begin with `host` are Rust.

globalThis.structuredClone = (value) => JSON.parse(JSON.stringify(value));
globalThis.process = { env: {}, cwd: () => "/" };
globalThis.console = {
  log() {},
  warn: (...words) => warn(words.join(" ")),
  error: (...words) => warn(words.join(" ")),
};

function warn(text) {
  made?.warnings.add(text);
  hostWarn(text);
}

/** What a CommonJS module exports; its text is the body of the function. */
function exported(run, path) {
  const module = { exports: {} };
  run(module, module.exports, node, path, path.slice(0, path.lastIndexOf("/")));
  return module.exports;
}

const modules = new Map();

/** The same of a text, which runs again when it has been edited. */
function evaluated(source, path) {
  const known = modules.get(path);
  if (known?.source === source) return known.exports;
  const exports = exported(hostFunction(source, path), path);
  modules.set(path, { source, exports });
  return exports;
}

/** The part of Node's own modules that plugins call while they load. */
const present = { util: { deprecate: (call) => call } };

/** A plugin may name any other part, as long as it can do without. */
const node = (id) => new Proxy(present[id.replace(/^node:/, "")] ?? {}, {
  get: (module, name) => {
    if (name in module) return module[name];
    if (name === "__esModule" || name === "default" || typeof name === "symbol") return undefined;
    return () => {
      throw new Error(`a plugin calls \`${name}\` of Node's \`${id}\`, and the build is not Node`);
    };
  },
});

let engine = null;

globalThis.kilnStart = (source, path) => {
  engine = exported(hostFunction(source, path), path);
};

/** The sheet that is being compiled, or was last. */
let made = null;

/** The last sheet, with its compiler, which is kept for as long as what it was made from is the same. */
let last = null;

globalThis.kilnCompile = async (css, path, base) => {
  if (last !== null && isAsBefore(css, path, base)) {
    for (const text of last.warnings) hostWarn(text);
    return last.plan;
  }
  last = null;
  made = { css, path, base, warnings: new Set() };
  try {
    await compile(made);
  } finally {
    refuseWhenRead(made);
  }
  last = made;
  return last.plan;
};

/** The host is asked for everything again: it has to see what sheets refer to, and any file may have changed. */
function isAsBefore(css, path, base) {
  return last.css === css && last.path === path && last.base === base &&
    last.sheets.every(({ id, from, answer }) => hostLoadStylesheet(id, from) === answer) &&
    last.plugins.every(({ id, from, answer }) => hostLoadModule(id, from) === answer);
}

async function compile(made) {
  const { css, path, base } = made;
  Object.assign(made, { sheets: [], plugins: [], words: [], output: "", map: null, isValueRead: false });
  made.compiler = await engine.compile(css, {
    base,
    from: path,
    loadStylesheet: async (id, from) => {
      const answer = hostLoadStylesheet(id, from);
      made.sheets.push({ id, from, answer });
      return JSON.parse(answer);
    },
    loadModule: async (id, from, kind) => {
      const answer = hostLoadModule(id, from);
      made.plugins.push({ id, from, answer });
      const { path, base, content } = JSON.parse(answer);
      const module = evaluated(content, path);
      const plain = module.default ?? module;
      return { path, base, module: css.includes(markOfValue) ? watched(made, kind, plain) : plain };
    },
  });
  made.plan = JSON.stringify({ sources: made.compiler.sources, root: made.compiler.root });
}

/** The same plugin, of which is known whether it was told a value for which a mark stands. */
function watched(made, kind, plugin) {
  if (kind === "config") {
    made.isValueRead = true;
    return plugin;
  }
  if ("__isOptionsFunction" in plugin) {
    const withOptions = (...options) => watched(made, kind, plugin(...options));
    return Object.assign(withOptions, { __isOptionsFunction: true });
  }
  const own = "handler" in plugin ? { ...plugin } : { handler: plugin };
  made.isValueRead ||= mayRead(own.config ?? {});
  const told = (tell) => (...question) => {
    const answer = tell(...question);
    made.isValueRead ||= JSON.stringify(answer)?.includes(markOfValue) ?? false;
    return answer;
  };
  const handler = (tailwind) => {
    tailwind.theme = told(tailwind.theme);
    tailwind.config = told(tailwind.config);
    return own.handler(tailwind);
  };
  return { ...own, handler };
}

/** Whether a plugin's configuration has parts that are told the theme. */
function mayRead({ theme, plugins, presets }) {
  const parts = [...Object.values(theme ?? {}), ...Object.values(theme?.extend ?? {})];
  return [plugins, presets].some((list) => list?.length > 0) || parts.some((part) => typeof part === "function");
}

/** What was written last. */
let written = null;

/** A compiler forgets no class that it has seen: one that is gone takes a new compiler. */
globalThis.kilnBuild = async (candidates) => {
  const words = JSON.parse(candidates);
  const present = new Set(words);
  if (last.words.some((word) => !present.has(word) && mayShow(word, last.output))) await compile(last);
  last.words = words;
  const output = built(last, words);
  if (output !== last.output) Object.assign(last, { output, map: null });
  written = last;
  return output;
};

function built(made, words) {
  try {
    return made.compiler.build(words);
  } finally {
    refuseWhenRead(made);
  }
}

/** A plugin may do anything with a mark that it was told for a value: what it makes, or that it fails, says nothing. */
function refuseWhenRead(made) {
  if (made.isValueRead) hostRefuse();
}

/** Rules in which there is nothing to do, as the engine writes them. */
globalThis.kilnPrint = async (css, path) => {
  const compiler = await engine.compile(css, { from: path });
  written = { compiler, map: null };
  return compiler.build([]);
};

/** Where it comes from. */
globalThis.kilnMap = () => (written.map ??= drawn(written.compiler));

/** Lines and columns from 0. The engine counts lines from 1. */
function drawn(compiler) {
  const { sources = [], mappings = [] } = compiler.buildSourceMap?.() ?? {};
  const numbers = new Map(sources.map((source, number) => [source, number]));
  const steps = [];
  for (const { generatedPosition: to, originalPosition: from } of mappings) {
    if (from) steps.push([to.line - 1, to.column, numbers.get(from.source), from.line - 1, from.column]);
  }
  return JSON.stringify({ sources: sources.map((source) => source.url), steps });
}

/** Whether the output may hold the word: as a class, escaped as CSS has it, or as a variable of the theme. */
function mayShow(word, css) {
  return word.startsWith("--") || css.includes(`.${escaped(word)}`);
}

/** CSSOM, "serialize an identifier". */
function escaped(word) {
  const rest = (start) => word.slice(start).replace(/[^\w\u0080-\uffff-]/g, "\\$&");
  const [, sign, digit] = /^(-?)(\d)/.exec(word) ?? [];
  return digit === undefined ? rest(0) : `${sign}\\3${digit} ${rest(sign.length + 1)}`;
}
