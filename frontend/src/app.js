// What every page of the desk runs. Each page works without it; with it, faster.
import { tendForms } from "./forms.js";
import { listenToKeys } from "./keys.js";
import { tendReplies } from "./reply.js";
import { switchTheme } from "./theme.js";
import { keepTimes } from "./times.js";

switchTheme();
tendForms();
listenToKeys();
keepTimes();
tendReplies();
