// Figures as people read them, at most three significant digits: as the terminal has them.

function digits(value) {
  const decimals = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  const text = value.toFixed(decimals);
  return decimals === 0 ? text : text.replace(/\.?0+$/, '');
}

export function time(ns) {
  if (ns < 0) {
    return `-${time(-ns)}`;
  }
  if (ns < 1e3) {
    return ns === 0 ? '0' : `${Math.round(ns)} ns`;
  }
  if (ns < 1e6 - 500) {
    return `${digits(ns / 1e3)} µs`;
  }
  if (ns < 1e9 - 5e5) {
    return `${digits(ns / 1e6)} ms`;
  }
  const seconds = Math.round(ns / 1e9);
  if (seconds < 60) {
    return `${digits(ns / 1e9)} s`;
  }
  if (seconds < 3600) {
    return `${Math.floor(seconds / 60)} m ${seconds % 60} s`;
  }
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} m`;
}

/** A moment, as exact as `stepNs` asks for. */
export function moment(ns, stepNs) {
  const [unit, name] = ns >= 1e9 || stepNs >= 1e8 ? [1e9, 's'] : ns >= 1e6 || stepNs >= 1e5 ? [1e6, 'ms'] : [1e3, 'µs'];
  const decimals = Math.min(9, Math.max(0, Math.ceil(Math.log10(unit / Math.max(1, stepNs)))));
  return `${(ns / unit).toFixed(decimals)} ${name}`;
}

export function count(n) {
  return n < 1e6 ? n.toLocaleString('en-US') : n < 1e9 ? `${digits(n / 1e6)} M` : `${digits(n / 1e9)} G`;
}

export function plural(n, one, many) {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** Something is never shown as nothing, and not quite all never as all. */
export function percent(part, whole) {
  if (part <= 0 || whole <= 0) {
    return '0 %';
  }
  const value = (100 * part) / whole;
  if (value < 0.1) {
    return '<0.1 %';
  }
  if (value < 9.95) {
    return `${digits(Math.round(value * 10) / 10)} %`;
  }
  return Math.round(value) === 100 && part < whole ? '>99 %' : `${Math.round(value)} %`;
}

export function bytes(n) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  let value = n;
  while (value >= 1023.5 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${digits(value)} ${units[unit]}`;
}
