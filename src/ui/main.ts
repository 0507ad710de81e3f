/** Where the page begins. */

import { createLab } from '../lab/lab.ts';
import './app/parley-app.ts';
import { keepForOffline } from './offline/offline.ts';

const app = document.createElement('parley-app');
app.service = createLab();
document.body.append(app);
keepForOffline();
