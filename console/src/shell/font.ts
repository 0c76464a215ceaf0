import latin from '@fontsource-variable/figtree/files/figtree-latin-wght-normal.woff2?url';
import latinMore from '@fontsource-variable/figtree/files/figtree-latin-ext-wght-normal.woff2?url';

/** The studio's typeface, after the first data; where bytes are dear the one of the device stays. */
export function loadFont(): void {
  const connection = (navigator as { connection?: { saveData?: boolean; effectiveType?: string } }).connection;
  if (connection?.saveData || /2g/.test(connection?.effectiveType ?? '')) return;
  const weights = { weight: '300 900', display: 'swap' } as const;
  // A face of other letters is only fetched by a page that has them.
  document.fonts.add(new FontFace('Figtree', `url(${latinMore})`, { ...weights, unicodeRange: 'U+0100-02BA, U+1E00-1E9F, U+1EF2-1EFF, U+20A0-20AB, U+20AD-20C0' }));
  document.fonts.add(new FontFace('Figtree', `url(${latin})`, { ...weights, unicodeRange: 'U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+2000-206F, U+20AC, U+2122, U+2191, U+2193, U+2212, U+2215' }));
}
