// Brings in what the doctor finds, which takes him seconds.

import { ask } from './base.js'

const checks = document.querySelector('#checks')
const again = document.querySelector('#again')

async function look() {
  again.disabled = true
  checks.setAttribute('aria-busy', 'true')
  try {
    checks.innerHTML = (await ask(checks.dataset.from)).html // escaped where it was made
  } catch (error) {
    checks.replaceChildren(Object.assign(document.createElement('p'), { className: 'message wrong', textContent: error.message }))
  }
  checks.setAttribute('aria-busy', 'false')
  again.disabled = false
}

again.addEventListener('click', look)
look()
