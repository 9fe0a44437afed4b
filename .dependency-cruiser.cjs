/** Import rules of the bridge. The reasons are in docs/architecture.md. */
module.exports = {
  forbidden: [
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    {
      name: "only-whatsapp-imports-baileys",
      severity: "error",
      from: { path: "^bridge/src/", pathNot: "^bridge/src/whatsapp/" },
      to: { path: "node_modules/(baileys|libsignal|whatsapp-rust-bridge)/" },
    },
    {
      name: "only-store-opens-sqlite",
      severity: "error",
      from: { path: "^bridge/", pathNot: "^bridge/src/store/" },
      to: { path: "node_modules/better-sqlite3/" },
    },
    {
      name: "sandbox-knows-nothing-of-the-gateway",
      severity: "error",
      from: { path: "^bridge/sandbox/" },
      to: { path: "^bridge/(src|contract)/" },
    },
    {
      name: "gateway-does-not-import-the-sandbox",
      severity: "error",
      from: { path: "^bridge/src/" },
      to: { path: "^bridge/sandbox/" },
    },
    {
      name: "rpc-is-protocol-only",
      severity: "error",
      from: { path: "^bridge/src/rpc/" },
      to: { path: "^bridge/src/(methods|whatsapp|store|events|debug)/" },
    },
    {
      name: "store-knows-no-room-above-it",
      severity: "error",
      from: { path: "^bridge/src/store/" },
      to: { path: "^bridge/src/(rpc/(?!contract\\.gen)|methods|whatsapp|events|debug)" },
    },
    {
      name: "methods-reach-baileys-only-through-whatsapp",
      severity: "error",
      from: { path: "^bridge/src/(whatsapp|events)/" },
      to: { path: "^bridge/src/methods/" },
    },
    {
      name: "bench-measures-from-outside",
      severity: "error",
      from: { path: "^bench/" },
      to: { path: "^bridge/", pathNot: "^bridge/src/rpc/contract\\.gen" },
    },
    {
      name: "nothing-depends-on-the-bench",
      severity: "error",
      from: { path: "^bridge/" },
      to: { path: "^bench/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "require", "node", "default", "types"] },
  },
};
