/**
 * Node cuts small buffers out of slabs of 64 KiB, and a slab lives as long as any buffer in it. A session keeps a few keys
 * of 32 bytes for as long as it runs, and with them slabs that are otherwise garbage: 130 KiB a session, measured. Out of
 * the 8 KiB that slabs had before Node 24, it is a few.
 */
const SLAB_BYTES = 8 * 1024;

/** Makes the slabs small. Call it before there are sessions; the slab in use is used up. */
export function useSmallSlabs(): void {
  Buffer.poolSize = SLAB_BYTES;
}
