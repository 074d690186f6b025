// Pages before the sign-in need only these.
import "./forms.js";
import "./theme.js";
import "./unsent-mark.js";
