// Puts directories into another order, by dragging and by keys, and asks them about a number.

import { ask, say, trying } from './base.js'
import { bounded, sortable } from './sorting.js'

const order = document.querySelector('#order')

if (order) sortable(order, () => { bounded(order); save() })

async function save() {
  const rows = [...order.children]
  const wished = rows.map((row) => Number(row.dataset.index))
  if (wished.every((index, place) => index === place)) return
  const saved = await trying(() => ask('/settings/directories/order', { json: { digest: order.dataset.digest, order: wished } }))
  if (!saved) return
  order.dataset.digest = saved.digest
  rows.forEach((row, place) => {
    row.dataset.index = place
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
