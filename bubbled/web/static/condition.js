// Builds conditions by choices; what the choices cannot say is written by hand.

const ATOMS = {
  way: ['inbound', 'outbound'],
  who: ['matched', 'not matched', 'internal', 'not internal', 'withheld'],
  moment: ['ringing', 'talking', 'missed', 'answered', 'ended'],
}
const TEXT = `'[^']*'|"[^"]*"`
const NAME = String.raw`\$?([\p{L}_][\p{L}\p{N}_]*)|\$\{([^{}]+)\}`
const COMPARED = new RegExp(`^(?:${NAME})\\s*(==|!=|>=)\\s*(${TEXT}|\\d+(?:\\.\\d+)?)$`, 'u')
const CONTAINED = new RegExp(`^(${TEXT})\\s+in\\s+(?:${NAME})$`, 'u')
const GIVEN = /^\$(?:([\p{L}_][\p{L}\p{N}_]*)|\{([^{}]+)\})$/u

/** Join choices and text; `changed()` is told when either was. */
export function conditioned(box, changed) {
  const written = box.querySelector('[data-written]')
  let mark = null // stands for a text that holds a password, which the page is not told
  const parts = Object.fromEntries([...box.querySelectorAll('[data-part]')].map((part) => [part.dataset.part, part]))

  function show() {
    const found = read(written.value)
    box.querySelector('[data-by-hand]').hidden = found !== null
    for (const [name, part] of Object.entries(parts)) {
      part.disabled = found === null
      part.value = found?.[name] ?? (name === 'test' ? 'has' : '')
    }
    parts.value.disabled ||= parts.test.value === 'has'
  }

  box.addEventListener('input', (event) => {
    if (event.target === written) show()
    else {
      written.value = write(Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.value.trim()])))
      parts.value.disabled = parts.test.value === 'has'
    }
    changed()
  })
  return {
    get text() { return written.value.trim() },
    get value() { return this.text || mark || '' },
    set value(text) {
      mark = typeof text === 'object' ? text : null
      written.value = mark ? '' : text
      show()
    },
  }
}

/** Write what was chosen. */
export function write({ way, who, moment, variable, test, value }) {
  return [way, who, moment, tested(variable, test, value)].filter(Boolean).join(' and ')
}

function tested(variable, test, value) {
  const name = variable.replace(/^\$\{?|\}$/g, '')
  if (!name) return ''
  const isWord = /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)
  const operand = isWord ? name : `\${${name}}`
  if (test === 'has') return isWord ? `$${name}` : operand
  const text = test === '>=' && /^\d+(\.\d+)?$/.test(value) ? value : quoted(value)
  return test === 'in' ? `${text} in ${operand}` : `${operand} ${test} ${text}`
}

function quoted(value) {
  return value.includes("'") ? `"${value.replaceAll('"', '')}"` : `'${value}'`
}

/** Read what choices can say; null where it is more than that. */
export function read(text) {
  const found = {}
  for (const atom of split(text.trim())) {
    const part = Object.keys(ATOMS).find((name) => ATOMS[name].includes(atom))
    const chosen = part ? { [part]: atom } : readTest(atom)
    if (!chosen || Object.keys(chosen).some((name) => name in found)) return null
    Object.assign(found, chosen)
  }
  return found
}

function split(text) {
  return text ? text.split(/\s+and\s+(?=(?:[^'"]|'[^']*'|"[^"]*")*$)/).map((atom) => atom.trim().replace(/\s+/g, ' ')) : []
}

function readTest(atom) {
  let found = atom.match(GIVEN)
  if (found) return { variable: found[1] ?? found[2], test: 'has' }
  found = atom.match(COMPARED)
  if (found) return { variable: found[1] ?? found[2], test: found[3], value: bare(found[4]) }
  found = atom.match(CONTAINED)
  return found && { variable: found[2] ?? found[3], test: 'in', value: bare(found[1]) }
}

function bare(text) {
  return /^['"]/.test(text) ? text.slice(1, -1) : text
}
