// Opens the section that the address names, shows what belongs to the way a secret is kept, and asks before what
// was typed is lost.

const section = document.getElementById(decodeURIComponent(location.hash.slice(1)))
if (section instanceof HTMLDetailsElement) {
  section.open = true
  section.scrollIntoView()
}

for (const way of document.querySelectorAll('select[name$=":way"]')) {
  const [value, user] = way.closest('.secret').querySelectorAll('input:not([type="hidden"])')
  const show = () => {
    value.hidden = way.value === 'keep' || way.value === 'none'
    value.type = way.value === 'plain' ? 'password' : 'text'
    user.hidden = way.value !== 'keyring'
  }
  way.addEventListener('change', show)
  show()
}

const changed = new Set()
for (const form of document.querySelectorAll('form[data-guard]')) {
  form.addEventListener('input', () => changed.add(form))
  form.addEventListener('submit', () => changed.clear())
}
window.addEventListener('beforeunload', (event) => {
  if (changed.size) event.preventDefault()
})
