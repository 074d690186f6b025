/* A form that met the sign-in page, an error or nothing at all instead of its answer was not taken. */
const NAME = "klientura:unsent";

/** What was sent last from this tab, or nothing. */
export function lastSent() {
  try {
    return JSON.parse(sessionStorage.getItem(NAME));
  } catch {
    return null;
  }
}

/** Keep it, or forget it without a value; a full or forbidden storage only costs comfort. */
export function keepSent(sent) {
  try {
    if (sent) sessionStorage.setItem(NAME, JSON.stringify(sent));
    else sessionStorage.removeItem(NAME);
  } catch {
    // As above.
  }
}

/** Note that it was not taken: the session had ended, or it did not get through. */
export function markLost(why = "signed out") {
  const sent = lastSent();
  if (sent && !sent.lost) keepSent({ ...sent, lost: why });
}

if (document.querySelector("[name=login]")) markLost();
else if (document.querySelector(".bare .error-page")) markLost("failed");
