// Puts directories into another order, by dragging and by keys, and asks them about a number.

import { ask, say, trying } from './base.js'

const order = document.querySelector('#order')

if (order) {
  let dragged = null

  order.addEventListener('dragstart', (event) => { dragged = event.target.closest('li') })
  order.addEventListener('dragover', (event) => {
    const over = event.target.closest('li')
    if (!dragged || !over) return
    event.preventDefault()
    if (over === dragged) return
    const isBelow = event.clientY > over.getBoundingClientRect().top + over.offsetHeight / 2
    over[isBelow ? 'after' : 'before'](dragged)
  })
  order.addEventListener('drop', (event) => event.preventDefault())
  order.addEventListener('dragend', () => { dragged = null; save() })

  order.addEventListener('click', (event) => {
    const button = event.target.closest('[data-move]')
    if (!button) return
    const row = button.closest('li')
    if (button.dataset.move < 0) row.previousElementSibling?.before(row)
    else row.nextElementSibling?.after(row)
    save().then(() => { (button.disabled ? row.querySelector('[data-move]:not(:disabled)') : button)?.focus() })
  })
}

async function save() {
  const rows = [...order.children]
  const wished = rows.map((row) => Number(row.dataset.index))
  if (wished.every((index, place) => index === place)) return
  const saved = await trying(() => ask('/settings/directories/order', { json: { digest: order.dataset.digest, order: wished } }))
  if (!saved) return
  order.dataset.digest = saved.digest
  rows.forEach((row, place) => {
    row.dataset.index = place
    row.querySelector('[data-move="-1"]').disabled = place === 0
    row.querySelector('[data-move="1"]').disabled = place === rows.length - 1
    row.querySelector('a.button').href = `/settings/directories/${place}`
  })
  say(order.dataset.saved)
}

const test = document.querySelector('#test')
const answers = document.querySelector('#answers')

test.addEventListener('submit', async (event) => {
  event.preventDefault()
  answers.setAttribute('aria-busy', 'true')
  const query = new URLSearchParams(new FormData(test))
  const found = await trying(() => ask(`${new URL(test.action).pathname}?${query}`))
  if (found) answers.innerHTML = found.html // escaped where it was made
  answers.setAttribute('aria-busy', 'false')
})
