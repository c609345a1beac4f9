/** Shopify's own schemas, loaded once per process, and what each asks of the operations that it is given. */
import {
  getOperationAST,
  GraphQLError,
  parse,
  validate,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from "graphql";
import {
  ADMIN_API_VERSIONS,
  loadSchema,
  type AdminApiVersion,
  type ScopeRequirement,
} from "../../scripts/shopify-schema.ts";

export interface AdminSchema {
  version: AdminApiVersion;
  schema: GraphQLSchema;
  requirements: readonly ScopeRequirement[];
  /** Documents that were parsed and validated before, latest last. */
  documents: Map<string, Prepared>;
}

export type Prepared = { ok: true; document: DocumentNode } | { ok: false; errors: GraphQLError[] };

const NEWEST = "2026-10";
const REMEMBERED = 300;
const loaded = new Map<AdminApiVersion, AdminSchema>();

export function isAdminApiVersion(version: string): version is AdminApiVersion {
  return (ADMIN_API_VERSIONS as readonly string[]).includes(version);
}

export function adminSchema(version: AdminApiVersion): AdminSchema {
  let found = loaded.get(version);
  if (!found) {
    const { schema, scopes } = loadSchema(version);
    found = { version, schema, requirements: scopes, documents: new Map() };
    loaded.set(version, found);
  }
  return found;
}

/** Parses a document and validates it against the version asked and against the newest one, as a warning of what is to come. */
export function prepare(admin: AdminSchema, query: string): Prepared {
  const known = admin.documents.get(query);
  if (known) return known;
  const prepared = prepareNew(admin, query);
  if (admin.documents.size >= REMEMBERED) {
    const [oldest] = admin.documents.keys();
    if (oldest !== undefined) admin.documents.delete(oldest);
  }
  admin.documents.set(query, prepared);
  return prepared;
}

function prepareNew(admin: AdminSchema, query: string): Prepared {
  const prepared = validated(admin.schema, query);
  if (prepared.ok && admin.version !== NEWEST) {
    const later = validate(adminSchema(NEWEST).schema, prepared.document);
    if (later.length > 0) {
      return {
        ok: false,
        errors: later.map((one) =>
          withCode(one, codeOf(one.message), `${one.message} (in version ${NEWEST})`),
        ),
      };
    }
  }
  return prepared;
}

/** Parses a document and validates it against one schema. */
export function validated(schema: GraphQLSchema, query: string): Prepared {
  let document: DocumentNode;
  try {
    document = parse(query);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return { ok: false, errors: [withCode(error, "parseError")] };
  }
  const errors = validate(schema, document);
  if (errors.length === 0) return { ok: true, document };
  return { ok: false, errors: errors.map((one) => withCode(one, codeOf(one.message))) };
}

function withCode(error: GraphQLError, code: string, message = error.message): GraphQLError {
  return new GraphQLError(message, {
    nodes: error.nodes,
    source: error.source,
    positions: error.positions,
    extensions: { code },
  });
}

/** Shopify's own codes for the commonest faults. */
function codeOf(message: string): string {
  if (message.startsWith("Cannot query field")) return "undefinedField";
  if (message.startsWith("Unknown argument")) return "argumentNotAccepted";
  if (message.startsWith("Unknown type")) return "undefinedType";
  if (message.includes("must have a selection of subfields")) return "selectionMismatch";
  if (message.includes("was not provided") || message.includes("is required"))
    return "missingRequiredArguments";
  if (message.startsWith("Variable")) return "variableMismatch";
  return "argumentLiteralsIncompatible";
}

/** The operation to run; `null` where the document has several and none is named. */
export function operationOf(document: DocumentNode, name: string | null): OperationDefinitionNode | null {
  return getOperationAST(document, name) ?? null;
}
