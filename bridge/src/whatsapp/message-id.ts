/** A message id the contract can carry. The sender chooses it, so it may hold anything. */
export function safeMessageId(id: string): string {
  return id.replace(/[^A-Za-z0-9._:@-]/g, "_").slice(0, 128) || "_";
}
