/** Where the page begins. */

import { createLab } from '../lab/lab.ts';
import './app/parley-app.ts';

const app = document.createElement('parley-app');
app.service = createLab();
document.body.append(app);
