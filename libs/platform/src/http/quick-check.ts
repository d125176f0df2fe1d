import { getMetadataStorage, ValidationTypes, type ValidatorConstraintInterface } from 'class-validator';

type Storage = ReturnType<typeof getMetadataStorage>;
type Metadata = ReturnType<Storage['getTargetValidationMetadatas']>[number];
type Condition = (object: object, value: unknown) => unknown;

interface Constraint {
  readonly instance: ValidatorConstraintInterface;
  readonly constraints: Metadata['constraints'];
}

/** What one field must hold, as its decorators say. */
interface FieldPlan {
  /** It is looked at where all of them are met. */
  readonly conditions: Condition[];
  readonly constraints: Constraint[];
  isNested: boolean;
}

/** The fields of a class by name. */
type Plan = ReadonlyMap<string, FieldPlan>;

const plans = new WeakMap<object, Plan>();

/**
 * Whether class-validator would find nothing wrong with the object, and no field that its class does not know. False means
 * that it has to be asked. It would gather what it knows of every class anew for each object; here that is read once.
 */
export function surelyPasses(object: object): boolean {
  const plan = planOf(object.constructor);
  if (plan.size === 0) return false;
  for (const name of Object.keys(object)) if (!plan.has(name)) return false;
  for (const [name, field] of plan) if (!fieldPasses(object, name, field)) return false;
  return true;
}

function fieldPasses(object: object, property: string, field: FieldPlan): boolean {
  const value = (object as Readonly<Record<string, unknown>>)[property];
  if (!field.conditions.every((isMet) => isMet(object, value))) return true;
  const targetName = object.constructor.name;
  for (const { instance, constraints } of field.constraints)
    if (instance.validate(value, { targetName, property, object, value, constraints }) !== true) return false;
  if (!field.isNested || value === undefined) return true;
  return Array.isArray(value) ? value.every(partPasses) : partPasses(value);
}

function partPasses(value: unknown): boolean {
  return typeof value === 'object' && value !== null && surelyPasses(value);
}

function planOf(type: object): Plan {
  let plan = plans.get(type);
  if (!plan) plans.set(type, (plan = readPlan(type)));
  return plan;
}

/** Empty for what is no class of ours, and where a decorator says more than is understood here. */
function readPlan(type: object): Plan {
  const plan = new Map<string, FieldPlan>();
  if (typeof type !== 'function') return plan;
  const storage = getMetadataStorage();
  for (const metadata of storage.getTargetValidationMetadatas(type, '', false, false)) {
    const { propertyName } = metadata;
    const field = plan.get(propertyName) ?? { conditions: [], constraints: [], isNested: false };
    plan.set(propertyName, field);
    if (!addTo(field, metadata, storage)) return new Map();
  }
  return plan;
}

/** False where the decorator is of a kind, or has an option, that is not understood here. */
function addTo(field: FieldPlan, metadata: Metadata, storage: Storage): boolean {
  const { type, constraints, constraintCls } = metadata;
  if (metadata.validateIf || (metadata.each && type === ValidationTypes.CUSTOM_VALIDATION)) return false;
  switch (type) {
    case ValidationTypes.CONDITIONAL_VALIDATION:
      field.conditions.push(constraints[0] as Condition);
      return true;
    case ValidationTypes.NESTED_VALIDATION:
      field.isNested = true;
      return true;
    case ValidationTypes.CUSTOM_VALIDATION:
      for (const { instance } of storage.getTargetValidatorConstraints(constraintCls))
        field.constraints.push({ instance, constraints });
      return true;
    default:
      return false;
  }
}
