/**
 * The only module that imports type-graphql. The polyfill must be evaluated before any decorated class. ESM evaluates
 * imports depth first, so a module that every record class imports guarantees that order.
 */
import 'reflect-metadata';

// biome-ignore lint/performance/noBarrelFile: it re-exports one package, not our own files
export {
  Arg,
  Args,
  ArgsType,
  buildSchema,
  Ctx,
  createResolversMap,
  createUnionType,
  Extensions,
  Field,
  FieldResolver,
  ID,
  Info,
  InputType,
  Int,
  InterfaceType,
  ObjectType,
  Query,
  Resolver,
  Root,
  registerEnumType,
} from 'type-graphql';
