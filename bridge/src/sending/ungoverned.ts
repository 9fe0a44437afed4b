/** A governor that lets everything pass at once. */
import type { Candidate, Decision, Governor } from "./ports.js";

export class Ungoverned implements Governor {
  admit(): void {
    // Everything is let in.
  }

  decide(): Decision {
    return { go: true };
  }

  left(): void {
    // Nothing is counted.
  }

  refused(): void {
    // Nothing is learned.
  }

  priority(candidate: Candidate): number {
    return candidate.batchId === undefined ? 0 : 1;
  }
}
