/** Strict, whatever the project's own tsconfig.json says: one answer everywhere. As a tsconfig.json says it. */
export const STRICT = {
  allowImportingTsExtensions: true,
  resolveJsonModule: true,
  allowJs: true,
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noImplicitOverride: true,
  noFallthroughCasesInSwitch: true,
  isolatedModules: true,
  skipLibCheck: true,
  noEmit: true,
};
