/**
 * The one door to type-graphql. The polyfill must be evaluated before any decorated class, and ESM evaluates
 * imports depth first, so only a door that every record class passes through can promise that order.
 */
import 'reflect-metadata';

// biome-ignore lint/performance/noBarrelFile: a door to one package, not a barrel over our own files
export {
  Arg,
  buildSchema,
  Ctx,
  createResolversMap,
  createUnionType,
  Extensions,
  Field,
  FieldResolver,
  ID,
  Info,
  Int,
  InterfaceType,
  ObjectType,
  Query,
  Resolver,
  Root,
  registerEnumType,
} from 'type-graphql';
