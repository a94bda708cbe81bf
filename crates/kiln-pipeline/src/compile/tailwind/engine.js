// Globals that the official engine expects, and the functions `kiln*`, which engine.rs calls. Functions `host*` are
// defined in globals.rs.

globalThis.structuredClone = (value) => JSON.parse(JSON.stringify(value));
globalThis.process = { env: {}, cwd: () => "/" };
globalThis.console = {
  log() {},
  warn: (...words) => warn(words.join(" ")),
  error: (...words) => warn(words.join(" ")),
};

const nativeSort = Array.prototype.sort;

/**
 * Sorts as V8 does where a comparison contradicts itself: Tailwind's comparison of two variants with equal values is
 * positive in either order, and an element only moves before an earlier one for which its comparison is negative.
 */
Array.prototype.sort = function (compare) {
  if (compare === undefined) return nativeSort.call(this);
  merged([...this], compare).forEach((element, at) => (this[at] = element));
  return this;
};

function merged(elements, compare) {
  if (elements.length < 2) return elements;
  const middle = elements.length >> 1;
  const first = merged(elements.slice(0, middle), compare);
  const output = [];
  let taken = 0;
  for (const element of merged(elements.slice(middle), compare)) {
    while (taken < first.length && !(compare(element, first[taken]) < 0)) output.push(first[taken++]);
    output.push(element);
  }
  return output.concat(first.slice(taken));
}

function warn(text) {
  warnings.add(text);
  hostWarn(text);
}

/** Exports of a CommonJS module with the body `run`. */
function exported(run, path) {
  const module = { exports: {} };
  run(module, module.exports, node, path, path.slice(0, path.lastIndexOf("/")));
  return module.exports;
}

const modules = new Map();

/** Exports of the module at `path`, cached until its source changes. */
function evaluated(source, path) {
  const cached = modules.get(path);
  if (cached?.source === source) return cached.exports;
  const exports = exported(hostFunction(source, path), path);
  modules.set(path, { source, exports });
  return exports;
}

/** Members of Node.js modules that plugins call while they load. */
const present = { util: { deprecate: (call) => call } };

/** The function `require`. Plugins may import any member of a Node.js module, but calling one is an error. */
const node = (id) => new Proxy(present[id.replace(/^node:/, "")] ?? {}, {
  get: (module, name) => {
    if (name in module) return module[name];
    if (name === "__esModule" || name === "default" || typeof name === "symbol") return undefined;
    return () => {
      throw new Error(`a plugin calls \`${name}\` of the Node.js module \`${id}\`, which is not available`);
    };
  },
});

let engine = null;

globalThis.kilnStart = (source, path) => {
  engine = exported(hostFunction(source, path), path);
};

/** Warnings about the sheet that is being compiled. */
let warnings = new Set();

/** The last sheet with its compiler, reused while its inputs are unchanged. */
let last = null;

globalThis.kilnCompile = async (css, path, base) => {
  if (last !== null && isUnchanged(css, path, base)) {
    warnings = last.warnings;
    for (const text of warnings) hostWarn(text);
    return last.plan;
  }
  last = null;
  warnings = new Set();
  const sheet = { css, path, base, warnings };
  await compile(sheet);
  last = sheet;
  return last.plan;
};

/** Whether the host's responses to all requests of the last sheet are unchanged. */
function isUnchanged(css, path, base) {
  return last.css === css && last.path === path && last.base === base &&
    last.sheets.every(({ id, from, response }) => hostLoadStylesheet(id, from) === response) &&
    last.plugins.every(({ id, from, response }) => hostLoadModule(id, from) === response);
}

async function compile(sheet) {
  Object.assign(sheet, { sheets: [], plugins: [], words: [], output: "", map: null });
  sheet.compiler = await engine.compile(sheet.css, {
    base: sheet.base,
    from: sheet.path,
    loadStylesheet: async (id, from) => {
      const response = hostLoadStylesheet(id, from);
      sheet.sheets.push({ id, from, response });
      return JSON.parse(response);
    },
    loadModule: async (id, from) => {
      const response = hostLoadModule(id, from);
      sheet.plugins.push({ id, from, response });
      const { path, base, content } = JSON.parse(response);
      const module = evaluated(content, path);
      return { path, base, module: module.default ?? module };
    },
  });
  sheet.plan = JSON.stringify({ sources: sheet.compiler.sources, root: sheet.compiler.root });
}

/** The CSS for candidates. A compiler accumulates candidates, so a removed class requires a new compiler. */
globalThis.kilnBuild = async (candidates) => {
  const words = JSON.parse(candidates);
  const present = new Set(words);
  if (last.words.some((word) => !present.has(word) && mayShow(word, last.output))) await compile(last);
  last.words = words;
  const output = last.compiler.build(words);
  if (output !== last.output) Object.assign(last, { output, map: null });
  return output;
};

globalThis.kilnMap = () => (last.map ??= sourceMap(last.compiler));

/** The source map as JSON, with lines and columns from 0. The engine counts lines from 1. */
function sourceMap(compiler) {
  const { sources = [], mappings = [] } = compiler.buildSourceMap?.() ?? {};
  const numbers = new Map(sources.map((source, number) => [source, number]));
  const numbered = [];
  for (const { generatedPosition: to, originalPosition: from } of mappings) {
    if (from) numbered.push([to.line - 1, to.column, numbers.get(from.source), from.line - 1, from.column]);
  }
  return JSON.stringify({ sources: sources.map((source) => source.url), mappings: numbered });
}

/** Whether the output may hold the word: as a class, escaped as in CSS, or as a variable of the theme. */
function mayShow(word, css) {
  return word.startsWith("--") || css.includes(`.${escaped(word)}`);
}

/** The word as a CSS identifier (CSSOM, "serialize an identifier"). */
function escaped(word) {
  const rest = (start) => word.slice(start).replace(/[^\w\u0080-\uffff-]/g, "\\$&");
  const [, sign, digit] = /^(-?)(\d)/.exec(word) ?? [];
  return digit === undefined ? rest(0) : `${sign}\\3${digit} ${rest(sign.length + 1)}`;
}
