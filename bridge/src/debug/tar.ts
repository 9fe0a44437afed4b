/** A tar archive of small files (POSIX ustar). The format is in `man 5 tar`. */

const BLOCK = 512;

function octal(value: number, digits: number): string {
  return `${value.toString(8).padStart(digits, "0")}\0`;
}

function header(name: string, length: number, nowMs: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  block.write(name, 0, 100, "utf8");
  block.write(octal(0o600, 7), 100, "ascii");
  block.write(octal(0, 7), 108, "ascii");
  block.write(octal(0, 7), 116, "ascii");
  block.write(octal(length, 11), 124, "ascii");
  block.write(octal(Math.floor(nowMs / 1000), 11), 136, "ascii");
  // The checksum is of the header with spaces in its own place.
  block.write("        ", 148, "ascii");
  block.write("0", 156, "ascii");
  block.write("ustar\0" + "00", 257, "ascii");
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)} `, 148, "ascii");
  return block;
}

/** Packs files. @param files names, of at most 100 bytes, and contents. */
export function tar(files: readonly (readonly [name: string, text: string])[], nowMs: number): Buffer {
  const blocks = files.flatMap(([name, text]) => {
    const content = Buffer.from(text);
    return [header(name, content.length, nowMs), content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}
