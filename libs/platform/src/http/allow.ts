import { SetMetadata, type CustomDecorator } from '@nestjs/common';
import type { Role } from '#kernel/roles.js';

/** Who may call a route: anybody, any staff signed in, or staff holding one of the roles on some fund. */
export type RouteAccess =
  | { readonly kind: 'public' }
  | { readonly kind: 'staff' }
  | { readonly kind: 'roles'; readonly roles: readonly Role[] };

/** Metadata key of {@link RouteAccess} on a handler or its controller; the handler's wins. */
export const ROUTE_ACCESS = 'mangnon:route-access';

/**
 * Lets in staff holding one of the roles on some fund; the handler then checks the very fund with `assertGranted`.
 * Without any role nobody would get in, so at least one is named.
 */
export function Allow(...roles: readonly [Role, ...Role[]]): CustomDecorator {
  return SetMetadata(ROUTE_ACCESS, { kind: 'roles', roles } satisfies RouteAccess);
}

/** Lets in any staff signed in, whatever their grants: for what concerns only the caller. */
export function AllowStaff(): CustomDecorator {
  return SetMetadata(ROUTE_ACCESS, { kind: 'staff' } satisfies RouteAccess);
}

/** Lets in anybody; the caller is then unknown to the handler. */
export function Public(): CustomDecorator {
  return SetMetadata(ROUTE_ACCESS, { kind: 'public' } satisfies RouteAccess);
}
