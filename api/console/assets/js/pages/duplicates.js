// A comparison of the library that runs is asked how far it is.

import { startPolling } from "../polling.js";

startPolling();
