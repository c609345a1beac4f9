/** Shopify's own tags. What apps may not use, they do not have. */
import {
  Hash,
  Tag,
  TypeGuards,
  Value,
  evalToken,
  toValueSync,
  type Context,
  type Emitter,
  type Liquid,
  type Parser,
  type TagToken,
  type Template,
  type TopLevelToken,
} from "liquidjs";
import { localUrl } from "../view.ts";
import type { Engine } from "./code-space.ts";
import { globalsOf } from "./globals.ts";
import { escapedHtml, text } from "./text.ts";
import { pagedList, StorefrontError, Thing } from "./thing.ts";

const BUILT_IN = [
  ...["#", "assign", "break", "capture", "case", "comment", "continue", "cycle", "decrement", "echo", "for"],
  ...["if", "increment", "liquid", "raw", "tablerow", "unless"],
] as const;
const FOR_ALL = ["content_for", "doc", "form", "paginate", "render", "schema", "style"] as const;
const FOR_THEMES = ["javascript", "section", "sections", "stylesheet"] as const;

export const TAGS: ReadonlySet<string> = new Set([...BUILT_IN, ...FOR_ALL, ...FOR_THEMES]);

type TagClass = Liquid["tags"][string];

/** Tokens of liquidjs that have a value. */
type ValueToken = Parameters<typeof evalToken>[0];

interface Arguments {
  positional: ValueToken[];
  named: Record<string, ValueToken>;
}

/** `"product", product, class: "x"`. */
function readArguments(tag: Tag): Arguments {
  const { tokenizer } = tag as unknown as { tokenizer: Tag["tokenizer"] };
  const read: Arguments = { positional: [], named: {} };
  for (tokenizer.skipBlank(); !tokenizer.end(); tokenizer.skipBlank()) {
    if (tokenizer.peek() === ",") {
      tokenizer.advance();
      continue;
    }
    const start = tokenizer.p;
    const { content: name } = tokenizer.readIdentifier();
    tokenizer.skipBlank();
    const isNamed = name !== "" && tokenizer.peek() === ":";
    if (isNamed) tokenizer.advance();
    else tokenizer.p = start;
    const value = tokenizer.readValue();
    if (!value) throw new Error(`what stands at "${tokenizer.remaining()}" is not understood`);
    if (isNamed) read.named[name] = value;
    else read.positional.push(value);
  }
  return read;
}

const evaluated = (token: ValueToken | undefined, context: Context): unknown =>
  token === undefined ? null : toValueSync(evalToken(token, context) as Generator<unknown>);

const namedValues = (named: Record<string, ValueToken>, context: Context) =>
  Object.fromEntries(Object.entries(named).map(([name, token]) => [name, evaluated(token, context)]));

/** liquidjs asks for them by generators. */
function* givenTemplates(templates: Template[]): Generator<unknown, Template[]> {
  yield* [];
  return templates;
}

/** Everything until the end of a tag, unread. */
function skipUntil(end: string, tokens: TopLevelToken[]): void {
  for (let token = tokens.shift(); token; token = tokens.shift())
    if (TypeGuards.isTagToken(token) && token.name === end) return;
  throw new Error(`${end} is missing`);
}

function parsedUntil(end: string, tokens: TopLevelToken[], parser: Parser): Template[] {
  const templates: Template[] = [];
  for (let token = tokens.shift(); token; token = tokens.shift()) {
    if (TypeGuards.isTagToken(token) && token.name === end) return templates;
    templates.push(parser.parseToken(token, tokens));
  }
  throw new Error(`${end} is missing`);
}

/** What stands in it is for others: the schema, documentation, and styles and scripts that are collected elsewhere. */
function silentTag(name: string): TagClass {
  return class extends Tag {
    constructor(token: TagToken, tokens: TopLevelToken[], liquid: Liquid) {
      super(token, tokens, liquid);
      skipUntil(`end${name}`, tokens);
    }

    render(): void {}
  };
}

class StyleTag extends Tag {
  readonly templates_: Template[];

  constructor(token: TagToken, tokens: TopLevelToken[], liquid: Liquid, parser: Parser) {
    super(token, tokens, liquid);
    this.templates_ = parsedUntil("endstyle", tokens, parser);
  }

  *render(context: Context, emitter: Emitter): Generator<unknown, void> {
    emitter.write("<style data-shopify>");
    yield this.liquid.renderer.renderTemplates(this.templates_, context, emitter);
    emitter.write("</style>");
  }

  children(): Generator<unknown, Template[]> {
    return givenTemplates(this.templates_);
  }
}

/** Where each of Shopify's forms goes, with its own attributes. */
const FORMS: Readonly<Record<string, { path: string; id: string; enctype?: string }>> = {
  cart: { path: "/cart", id: "cart_form" },
  customer_login: { path: "/account/login", id: "customer_login" },
  localization: { path: "/localization", id: "localization_form" },
  product: { path: "/cart/add", id: "product_form", enctype: "multipart/form-data" },
};

class FormTag extends Tag {
  readonly arguments_: Arguments;
  readonly templates_: Template[];

  constructor(token: TagToken, tokens: TopLevelToken[], liquid: Liquid, parser: Parser) {
    super(token, tokens, liquid);
    this.arguments_ = readArguments(this);
    this.templates_ = parsedUntil("endform", tokens, parser);
  }

  *render(context: Context, emitter: Emitter): Generator<unknown, void> {
    const { view_: view } = globalsOf(context);
    const [type, about] = this.arguments_.positional.map((each) => evaluated(each, context));
    const form = FORMS[text(type)];
    if (!form) throw new StorefrontError(`the form ${text(type)} is not simulated`);
    const { return_to: returnTo, ...named } = namedValues(this.arguments_.named, context);
    const id =
      about instanceof Thing && about.kind_ === "product" ? `_${text(about.liquidMethodMissing("id"))}` : "";
    const attributes = {
      method: "post",
      action: localUrl(view, form.path),
      id: form.id + id,
      "accept-charset": "UTF-8",
      ...(form.enctype && { enctype: form.enctype }),
      ...named,
    };
    const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${escapedHtml(value)}"`);
    const hidden = (name: string, value: unknown) =>
      `<input type="hidden" name="${name}" value="${escapedHtml(value)}" />`;
    emitter.write(`<form${written.join("")}>${hidden("form_type", type)}${hidden("utf8", "✓")}`);
    if (text(type) === "localization") emitter.write(hidden("_method", "put"));
    if (text(type) === "localization" || returnTo !== undefined)
      emitter.write(hidden("return_to", returnTo ?? localUrl(view, view.path)));
    context.push({ form: new Thing("form", { errors: () => null, "posted_successfully?": () => false }) });
    yield this.liquid.renderer.renderTemplates(this.templates_, context, emitter);
    context.pop();
    emitter.write("</form>");
  }

  children(): Generator<unknown, Template[]> {
    return givenTemplates(this.templates_);
  }

  *arguments(): Generator<ValueToken> {
    yield* this.arguments_.positional;
    yield* Object.values(this.arguments_.named);
  }

  blockScope(): Iterable<string> {
    return ["form"];
  }
}

class PaginateTag extends Tag {
  readonly owner_: Value;
  readonly property_: string;
  readonly size_: Value;
  readonly templates_: Template[];

  constructor(token: TagToken, tokens: TopLevelToken[], liquid: Liquid, parser: Parser) {
    super(token, tokens, liquid);
    const [, owner, property, size] = /^(\S+)\.(\w+)\s+by\s+([\w.]+)/.exec(token.args.trim()) ?? [];
    if (owner === undefined || property === undefined || size === undefined)
      throw new Error(`paginate needs a list and a size: ${token.args}`);
    this.owner_ = new Value(owner, liquid);
    this.property_ = property;
    this.size_ = new Value(size, liquid);
    this.templates_ = parsedUntil("endpaginate", tokens, parser);
  }

  *render(context: Context, emitter: Emitter): Generator<unknown, void> {
    const { view_: view } = globalsOf(context);
    const owner: unknown = yield this.owner_.value(context, false);
    const size = Number(yield this.size_.value(context, false));
    const all = owner instanceof Thing ? pagedList(owner, this.property_) : undefined;
    if (!(owner instanceof Thing) || !all)
      throw new StorefrontError(`${this.token.getText()}: this list has no pages`);
    if (!(size >= 1 && size <= 250)) throw new StorefrontError("a page has from 1 to 250 items");
    const current = Math.max(1, Number(view.query.get("page") ?? 1) || 1);
    const pages = Math.ceil(all.size / size);
    const part = (page: number, title: string) =>
      page < 1 || page > pages
        ? null
        : new Thing("part", {
            is_link: () => page !== current,
            title: () => title,
            url: () => pageUrl(localUrl(view, view.path), view.query, page),
          });
    const paginate = new Thing("paginate", {
      current_offset: () => (current - 1) * size,
      current_page: () => current,
      items: () => all.size,
      next: () => part(current + 1, "Next"),
      page_param: () => "page",
      page_size: () => size,
      pages: () => pages,
      parts: () => Array.from({ length: pages }, (_, index) => part(index + 1, String(index + 1))),
      previous: () => part(current - 1, "Previous"),
    });
    const restore = owner.replace_(this.property_, all.slice((current - 1) * size, current * size));
    context.push({ paginate });
    yield this.liquid.renderer.renderTemplates(this.templates_, context, emitter);
    context.pop();
    restore();
  }

  children(): Generator<unknown, Template[]> {
    return givenTemplates(this.templates_);
  }

  *arguments(): Generator<Value> {
    yield this.owner_;
    yield this.size_;
  }

  blockScope(): Iterable<string> {
    return ["paginate"];
  }
}

function pageUrl(path: string, query: URLSearchParams, page: number): string {
  const next = new URLSearchParams(query);
  next.set("page", String(page));
  return `${path}?${next}`;
}

/** `{% render 'snippet' %}` with what it is given, and `{% render block %}` for a block of an app. */
function renderTag(engine: Engine): TagClass {
  return class RenderTag extends Tag {
    readonly snippet_: string | null;
    readonly block_: Value | null;
    readonly hash_: Hash;
    readonly bound_: { each: boolean; value: ValueToken; alias: string } | null = null;

    constructor(token: TagToken, tokens: TopLevelToken[], liquid: Liquid) {
      super(token, tokens, liquid);
      const { tokenizer } = this;
      tokenizer.skipBlank();
      const name = tokenizer.readQuoted();
      this.snippet_ = name ? name.getText().slice(1, -1) : null;
      this.block_ = name ? null : new Value(tokenizer.readIdentifier().getText(), liquid);
      tokenizer.skipBlank();
      const start = tokenizer.p;
      const { content: word } = tokenizer.readIdentifier();
      tokenizer.skipBlank();
      if ((word === "with" || word === "for") && tokenizer.peek() !== ":") {
        const value = tokenizer.readValue();
        if (!value) throw new Error(`render ${word} needs a value`);
        tokenizer.skipBlank();
        const asAt = tokenizer.p;
        const hasAlias = tokenizer.readIdentifier().content === "as";
        if (!hasAlias) tokenizer.p = asAt;
        const alias = hasAlias ? tokenizer.readIdentifier().content : (this.snippet_ ?? "");
        this.bound_ = { each: word === "for", value, alias };
      } else {
        tokenizer.p = start;
      }
      this.hash_ = new Hash(tokenizer);
    }

    *render(context: Context, emitter: Emitter): Generator<unknown, void> {
      if (this.block_) {
        const block: unknown = yield this.block_.value(context, false);
        if (!(block instanceof Thing)) throw new StorefrontError("only a block or a snippet is rendered");
        emitter.write(globalsOf(context).view_.renderBlock(block));
        return;
      }
      const templates = engine.snippet(this.snippet_ ?? "");
      const given = (yield this.hash_.render(context)) as Record<string, unknown>;
      const bound = this.bound_ && evaluated(this.bound_.value, context);
      const items: unknown[] = this.bound_?.each ? (Array.isArray(bound) ? bound : []) : [bound];
      for (const item of items) {
        const scope = this.bound_ ? { ...given, [this.bound_.alias]: item } : given;
        yield this.liquid.renderer.renderTemplates(templates, context.spawn(scope), emitter);
      }
    }

    *arguments(): Generator<ValueToken | Value> {
      if (this.block_) yield this.block_;
      if (this.bound_) yield this.bound_.value;
      for (const value of Object.values(this.hash_.hash)) if (value) yield value;
    }
  };
}

/** `{% section %}` and `{% sections %}`. */
function sectionTag(render: (context: Context, name: string) => string): TagClass {
  return class extends Tag {
    readonly name_: string;

    constructor(token: TagToken, tokens: TopLevelToken[], liquid: Liquid) {
      super(token, tokens, liquid);
      const name = this.tokenizer.readQuoted();
      if (!name) throw new Error(`${token.getText()} needs a name in quotes`);
      this.name_ = name.getText().slice(1, -1);
    }

    render(context: Context, emitter: Emitter): void {
      emitter.write(render(context, this.name_));
    }
  };
}

class ContentForTag extends Tag {
  constructor(token: TagToken, tokens: TopLevelToken[], liquid: Liquid) {
    super(token, tokens, liquid);
    if (this.tokenizer.readQuoted()?.getText().slice(1, -1) !== "blocks")
      throw new Error(`${token.getText()} is not simulated`);
  }

  render(context: Context, emitter: Emitter): void {
    const section = context.getSync(["section"]);
    const blocks = section instanceof Thing ? (section.liquidMethodMissing("blocks") as Thing[]) : [];
    for (const block of blocks) emitter.write(globalsOf(context).view_.renderBlock(block));
  }
}

export function tagTable(engine: Engine): Record<string, TagClass> {
  const forAll = {
    content_for: ContentForTag,
    doc: silentTag("doc"),
    form: FormTag,
    paginate: PaginateTag,
    render: renderTag(engine),
    schema: silentTag("schema"),
    style: StyleTag,
  } satisfies Record<(typeof FOR_ALL)[number], TagClass>;
  if (engine.space.kind === "app") return forAll;
  const forThemes = {
    javascript: silentTag("javascript"),
    section: sectionTag((context, name) => globalsOf(context).view_.renderSection(name)),
    sections: sectionTag((context, name) => globalsOf(context).view_.renderGroup(name)),
    stylesheet: silentTag("stylesheet"),
  } satisfies Record<(typeof FOR_THEMES)[number], TagClass>;
  return { ...forAll, ...forThemes };
}
