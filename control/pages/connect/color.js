// Which of black and white is readable on a colour: one of the two always has a contrast of 4.5 at least (WCAG 2.2).

/** @param {string} color `#rrggbb` */
export function onColor(color) {
  const light = luminance(color);
  return (light + 0.05) / 0.05 >= 1.05 / (light + 0.05) ? "#000000" : "#ffffff";
}

/** Relative luminance of `#rrggbb`, 0 to 1. */
function luminance(color) {
  const [red, green, blue] = [1, 3, 5].map((from) => {
    const part = Number.parseInt(color.slice(from, from + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
