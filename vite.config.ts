/** The lab page (index.html) and the bare page that runs nodes for the command line (node.html). See src/cli/page/page-config.ts. */

import { defineConfig } from 'vite';
import { pageConfig } from './src/cli/page/page-config.ts';

export default defineConfig(pageConfig());
