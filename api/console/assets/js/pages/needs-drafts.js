// What was typed and is not stored yet lies on this machine, by account and need, for a week.

const PREFIX = "console:need:";
const DAYS = 7;

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + key));
  } catch {
    return null;
  }
}

/** The draft under `ACCOUNT:NEED`, or null: `{at, version, fields: [[name, value]], sent}`. */
export function recall(key) {
  return read(key);
}

/** Keeps what a form holds. Browsers that keep nothing are told nothing. */
export function keep(key, version, fields, { sent = false } = {}) {
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify({ at: Date.now(), version, fields, sent }));
    return true;
  } catch {
    return false;
  }
}

export function forget(key) {
  localStorage.removeItem(PREFIX + key);
}

function each(act) {
  try {
    for (const name of Object.keys(localStorage)) {
      if (name.startsWith(PREFIX)) act(name.slice(PREFIX.length));
    }
  } catch {
    // Nothing is kept where nothing may be.
  }
}

/** Forgets what was sent: the page that runs this came after it was stored. */
export function forgetSent() {
  each((key) => {
    if (read(key)?.sent) forget(key);
  });
}

/** Forgets what is old, and what other accounts left on this machine. */
export function forgetOthers(account) {
  const oldest = Date.now() - DAYS * 24 * 3600 * 1000;
  each((key) => {
    const draft = read(key);
    if (!key.startsWith(`${account}:`) || !draft || draft.at < oldest) forget(key);
  });
}
