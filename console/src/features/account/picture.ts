/** A square cut out of any picture: what others see of it, without the place that a camera wrote into the file. */

export interface Cut {
  /** 1 is the largest square that there is; 3 a third of its side. */
  zoom: number;
  /** From -1, the left or upper edge, to 1. */
  across: number;
  down: number;
}

export const whole: Cut = { zoom: 1, across: 0, down: 0 };
export const mostZoom = 4;
/** Of the picture that is sent, in pixels: sharp at the largest size that a screen shows, and small. */
export const side = 512;

/** The square of a picture of that size. */
export function squareOf(width: number, height: number, cut: Cut): { x: number; y: number; size: number } {
  const size = Math.min(width, height) / Math.min(Math.max(cut.zoom, 1), mostZoom);
  const at = (length: number, place: number) => ((length - size) * (Math.min(Math.max(place, -1), 1) + 1)) / 2;
  return { x: at(width, cut.across), y: at(height, cut.down), size };
}

/** The cut after the picture was moved by so many sides of the square. */
export function moved(width: number, height: number, cut: Cut, by: { across: number; down: number }): Cut {
  const { size } = squareOf(width, height, cut);
  const next = (length: number, place: number, step: number) => (length > size ? Math.min(Math.max(place - (2 * step * size) / (length - size), -1), 1) : 0);
  return { ...cut, across: next(width, cut.across, by.across), down: next(height, cut.down, by.down) };
}

/** Draws the square over the whole canvas. */
export function draw(canvas: HTMLCanvasElement, image: ImageBitmap, cut: Cut): void {
  const { x, y, size } = squareOf(image.width, image.height, cut);
  const pen = canvas.getContext('2d');
  if (!pen) return;
  // What a picture leaves transparent is white in a JPEG.
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(image, x, y, size, size, 0, 0, canvas.width, canvas.height);
}

/** The square as the file that is sent. */
export function fileOf(image: ImageBitmap, cut: Cut): Promise<Blob> {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = side;
  draw(canvas, image, cut);
  return new Promise((resolve, reject) =>
    canvas.toBlob((file) => (file ? resolve(file) : reject(new Error('The picture could not be written.'))), 'image/jpeg', 0.9),
  );
}
