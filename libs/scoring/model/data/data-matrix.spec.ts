import { categoryColumn, dataMatrix, missing, numberColumn, pickRows, shapeOf, unseen, withShape } from './data-matrix.js';

const matrix = dataMatrix([
  numberColumn('age', [30, null, Infinity, true, 'x']),
  categoryColumn('plan', ['b', 'a', null, 'b', 7]),
]);

describe('a data matrix', () => {
  it('keeps what is not a number or text of a known category apart', () => {
    const [age, plan] = matrix.columns;
    expect(age?.type === 'number' && [...age.values]).toEqual([30, NaN, NaN, 1, NaN]);
    expect(plan?.type === 'category' && [[...plan.codes], plan.words]).toEqual([[1, 0, missing, 1, missing], ['a', 'b']]);
    const known = categoryColumn('plan', ['a', 'c'], ['a']);
    expect([...known.codes]).toEqual([0, unseen]);
  });

  it('takes the shape that a model learnt from, by name', () => {
    const other = dataMatrix([categoryColumn('plan', ['c', 'b', null]), categoryColumn('age', ['x', 'y', 'z']), numberColumn('more', [1, 2, 3])]);
    const [age, plan] = withShape(other, shapeOf(matrix)).columns;
    expect(age?.type === 'number' && [...age.values]).toEqual([NaN, NaN, NaN]);
    expect(plan?.type === 'category' && [...plan.codes]).toEqual([unseen, 1, missing]);
  });

  it('gives some of its rows', () => {
    const [age, plan] = pickRows(matrix, Uint32Array.of(3, 0)).columns;
    expect(age?.type === 'number' && [...age.values]).toEqual([1, 30]);
    expect(plan?.type === 'category' && [...plan.codes]).toEqual([1, 1]);
  });

  it('is refused where columns differ in length or share a name', () => {
    expect(() => dataMatrix([numberColumn('a', [1]), numberColumn('b', [])])).toThrow(/b has 0 rows/);
    expect(() => dataMatrix([numberColumn('a', [1]), numberColumn('a', [1])])).toThrow(/same name/);
  });
});
