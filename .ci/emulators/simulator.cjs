// Serves a schema by the Amplify simulator, with made-up values for all of it:
//   node simulator.cjs SCHEMA API_JSON PORT SETTINGS_JSON
//
// Every field that is no plain value has a resolver, so that each directive on the way to a value is met. Lists hold a
// value of each type that they can hold; a single value of several types is of the one that the header `x-variant` counts
// to. Where there is no such header, some fields of the lab answer what was asked.
//
// Settings: `apiKey`, `issuer`, perhaps `variants` (how far that header counts), `isLastPage` (a `nextToken` that can be null
// is), and the files `key` and `certificate` for https.
//
// Invariant: it listens on the loopback interface only.
'use strict';

const fs = require('fs');
const net = require('net');
const { buildASTSchema, concatAST, parse, getNamedType } = require('graphql');
const { isAbstractType, isCompositeType, isEnumType, isListType, isNonNullType, isObjectType } = require('graphql');
const { AmplifyAppSyncSimulator, RESOLVER_KIND } = require('@aws-amplify/amplify-appsync-simulator');

const [schemaFile, apiFile, port, settingsJson] = process.argv.slice(2);
const settings = JSON.parse(settingsJson);
const facts = JSON.parse(fs.readFileSync(apiFile, 'utf8'));

// The simulator names no host, which would be every interface.
const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (first, ...rest) {
  const isPortOnly = typeof first === 'number' && typeof rest[0] !== 'string';
  return listen.call(this, first, ...(isPortOnly ? ['127.0.0.1'] : []), ...rest);
};

// The simulator declares AppSync's own directives itself.
const text = fs.readFileSync(schemaFile, 'utf8').replace(/^directive @aws_\w+(\(.*?\))? on .*$/gm, '');
const scalars = 'AWSDate AWSTime AWSDateTime AWSTimestamp AWSEmail AWSJSON AWSURL AWSPhone AWSIPAddress'.split(' ');
const prelude = parse(scalars.map((name) => `scalar ${name}`).join('\n'));
const schema = buildASTSchema(concatAST([parse(text), prelude]), { assumeValidSDL: true });

const abstract = Object.values(schema.getTypeMap()).filter(isAbstractType);
const most = Math.max(...abstract.map((type) => schema.getPossibleTypes(type).length));
if (most > settings.variants) throw new Error(`a value can be of ${most} types, and ${settings.variants} are counted to`);

const PLAIN = {
  ID: 'id-1',
  String: 'text',
  Int: 1,
  Float: 1.5,
  Boolean: true,
  AWSDate: '2026-01-31',
  AWSTime: '13:45:00.000Z',
  AWSDateTime: '2026-01-31T13:45:00.000Z',
  AWSTimestamp: 1767225600,
  AWSEmail: 'ann@example.com',
  AWSJSON: { made: 'up' },
  AWSURL: 'https://example.com/',
  AWSPhone: '+12025550143',
  AWSIPAddress: '192.0.2.7',
};

function value(type, variant) {
  if (isNonNullType(type)) return value(type.ofType, variant);
  if (isListType(type)) {
    const inner = getNamedType(type);
    const count = isAbstractType(inner) ? schema.getPossibleTypes(inner).length : 1;
    return Array.from({ length: count }, (_, index) => value(type.ofType, index));
  }
  if (isEnumType(type)) return type.getValues()[0].name;
  if (isAbstractType(type)) {
    const possible = schema.getPossibleTypes(type);
    return value(possible[variant % possible.length], variant);
  }
  if (!isObjectType(type)) return PLAIN[type.name];
  const fields = Object.values(type.getFields()).filter((field) => !isCompositeType(getNamedType(field.type)));
  const isNull = (field) => settings.isLastPage && field.name === 'nextToken' && !isNonNullType(field.type);
  const values = fields.map((field) => [field.name, isNull(field) ? null : value(field.type, variant)]);
  return { __typename: type.name, ...Object.fromEntries(values) };
}

// What the lab asks for by name, unless made-up values are asked for.
const failsAs = ({ errorType }) => {
  throw Object.assign(new Error('made up'), { type: errorType, data: { id: 'x' }, info: { more: 1 } });
};
const NAMED = {
  'Query.echo': (given) => given,
  'Query.failsAs': failsAs,
  'Mutation.echoInput': ({ input }) => input,
  'Mutation.failsAs': failsAs,
};

async function resolve({ typeName, fieldName, given, variant }) {
  const named = NAMED[`${typeName}.${fieldName}`];
  if (named && !variant) return named(given);
  return value(schema.getType(typeName).getFields()[fieldName].type, Number(variant || 0));
}

const roots = [schema.getQueryType(), schema.getMutationType()].filter(Boolean);
const resolvers = Object.values(schema.getTypeMap())
  .filter((type) => isObjectType(type) && type !== schema.getSubscriptionType() && !type.name.startsWith('__'))
  .flatMap((type) =>
    Object.values(type.getFields())
      .filter((field) => roots.includes(type) || isCompositeType(getNamedType(field.type)))
      .map((field) => ({
        kind: RESOLVER_KIND.UNIT,
        typeName: type.name,
        fieldName: field.name,
        dataSourceName: 'values',
        requestMappingTemplate: `{"version": "2018-05-29", "operation": "Invoke", "payload": {
          "typeName": "${type.name}", "fieldName": "${field.name}", "given": $util.toJson($ctx.args),
          "variant": $util.toJson($ctx.request.headers["x-variant"])}}`,
        responseMappingTemplate: `#if($ctx.error)
          $util.error($ctx.error.message, $ctx.error.type, $ctx.error.data, $ctx.error.info)
        #end
        $util.toJson($ctx.result)`,
      })),
  );

const provider = (authenticationType) => ({
  authenticationType,
  ...(authenticationType === 'AMAZON_COGNITO_USER_POOLS' && { cognitoUserPoolConfig: { AppIdClientRegex: '.*' } }),
  ...(authenticationType === 'OPENID_CONNECT' && { openIDConnectConfig: { Issuer: settings.issuer } }),
});
const simulator = new AmplifyAppSyncSimulator({
  port: Number(port),
  ...(settings.key && { httpsConfig: { sslKeyPath: settings.key, sslCertPath: settings.certificate } }),
});
simulator.init({
  schema: { content: text },
  resolvers,
  dataSources: [{ type: 'AWS_LAMBDA', name: 'values', invoke: resolve }],
  appSync: {
    name: facts.name,
    apiKey: settings.apiKey,
    defaultAuthenticationType: provider(facts.authenticationType),
    additionalAuthenticationProviders: facts.additionalAuthenticationProviders.map(provider),
  },
});
simulator.start().then(() => console.log('ready'));
