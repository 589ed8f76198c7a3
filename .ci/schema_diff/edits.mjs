// An SDL → the same with one thing removed, added or changed: a fixed list, each at the first and at the last place where
// the schema stays valid.
import { graphql } from "../oracle/judge.mjs";

const { Kind, parse, parseType, print } = graphql;

const isOf = (...kinds) => (node) => kinds.includes(node.kind);
const objects = isOf(Kind.OBJECT_TYPE_DEFINITION, Kind.INTERFACE_TYPE_DEFINITION);
const inputs = isOf(Kind.INPUT_OBJECT_TYPE_DEFINITION);
const enums = isOf(Kind.ENUM_TYPE_DEFINITION);
const unions = isOf(Kind.UNION_TYPE_DEFINITION);
const name = (value) => ({ kind: Kind.NAME, value });
const nullable = (type) => (type.kind === Kind.NON_NULL_TYPE ? type.type : type);
const nonNull = (type) => (type.kind === Kind.NON_NULL_TYPE ? type : { kind: Kind.NON_NULL_TYPE, type });
const field = (sdl) => parse(`type T { ${sdl} }`).definitions[0].fields[0];
const value = (sdl) => parse(`enum T { ${sdl} }`).definitions[0].values[0];
const input = (sdl) => parse(`input T { ${sdl} }`).definitions[0].fields[0];

// The members of a list of all definitions of some kinds, each with a way to put something else in its place.
const members = (kinds, list) => (document) =>
  document.definitions.filter(kinds).flatMap((definition) =>
    (definition[list] ?? []).map((node, at) => ({ node, list: definition[list], at })),
  );
const fields = members(objects, "fields");
const inputFields = members(inputs, "fields");
const values = members(enums, "values");
const parts = members(unions, "types");
const interfaces = members(objects, "interfaces");
const args = (document) =>
  fields(document).flatMap(({ node }) => (node.arguments ?? []).map((argument, at) => ({ node: argument, list: node.arguments, at })));

const remove = ({ list, at }) => void list.splice(at, 1);
const put = (what) => (place) => void (place.list[place.at] = what(place.node));
const add = (what) => ({ list }) => void list.push(what);
const retype = (change) => put((node) => ({ ...node, type: change(node.type) }));

const list = [
  ["a field is removed", fields, remove],
  ["a field is added", fields, add(field("brandNew: String"))],
  ["a field becomes nullable", fields, retype(nullable)],
  ["a field becomes non-null", fields, retype(nonNull)],
  ["a field becomes a list", fields, retype((type) => ({ kind: Kind.LIST_TYPE, type }))],
  ["a field becomes a Boolean", fields, retype(() => parseType("Boolean"))],
  ["a field is deprecated", fields, put((node) => ({ ...node, directives: field("x: Int @deprecated").directives }))],
  ["a field gets a required argument", fields, put((node) => ({ ...node, arguments: [...(node.arguments ?? []), input("brandNew: Int!")] }))],
  ["a field gets an optional argument", fields, put((node) => ({ ...node, arguments: [...(node.arguments ?? []), input("brandNew: Int! = 1")] }))],
  ["an argument is removed", args, remove],
  ["an argument becomes nullable", args, retype(nullable)],
  ["an argument becomes non-null", args, retype(nonNull)],
  ["an argument becomes a Boolean", args, retype(() => parseType("Boolean"))],
  ["an input field is removed", inputFields, remove],
  ["an input field becomes nullable", inputFields, retype(nullable)],
  ["an input field becomes non-null", inputFields, retype(nonNull)],
  ["a required input field is added", inputFields, add(input("brandNew: Int!"))],
  ["an optional input field is added", inputFields, add(input("brandNew: Int"))],
  ["an enum value is removed", values, remove],
  ["an enum value is added", values, add(value("BRAND_NEW"))],
  ["a union's member is removed", parts, remove],
  ["an interface is removed", interfaces, remove],
  ["a definition is removed", (document) => document.definitions.map((node, at) => ({ node, list: document.definitions, at })), remove],
  ["a type is added", (document) => [{ list: document.definitions, at: 0 }], add(parse("type BrandNew { x: Int }").definitions[0])],
  ["a description is another", fields, put((node) => ({ ...node, description: { kind: Kind.STRING, value: "Brand new." } }))],
  ["a field's name is another", fields, put((node) => ({ ...node, name: name("brandNew") }))],
];

// The most places that are tried for one edit.
const TRIES = 40;

export function* edits(sdl, isValid) {
  const done = new Set([sdl]);
  for (const [words, places, edit] of list) {
    const count = places(parse(sdl)).length;
    for (const [which, order] of [["first", (at) => at], ["last", (at) => count - 1 - at]]) {
      for (let at = 0; at < Math.min(count, TRIES); at += 1) {
        const document = structuredClone(parse(sdl, { noLocation: true }));
        edit(places(document)[order(at)]);
        let changed;
        try {
          changed = print(document);
        } catch {
          continue;
        }
        if (done.has(changed) || !isValid(changed)) continue;
        done.add(changed);
        yield [`${words} (${which})`, changed];
        break;
      }
    }
  }
}
