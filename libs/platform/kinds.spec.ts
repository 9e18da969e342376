import { Kinds, type Named } from './kinds.js';

interface Animal extends Named {
  readonly says: string;
}
const animals = (): Kinds<Animal> => new Kinds<Animal>('animal', { cow: { says: 'moo', aliases: ['bull'] }, cat: { says: 'meow' } });

describe('a table of kinds', () => {
  it('keeps the order, and finds a kind by its name and by its aliases', () => {
    const table = animals();
    table.add('dog', { says: 'woof' });
    expect(table.names).toEqual(['cow', 'cat', 'dog']);
    expect(table.get('bull').says).toBe('moo');
    expect(table.canonical('bull')).toBe('cow');
    expect(table.has('dog')).toBe(true);
  });

  it('forgets a removed kind and its aliases', () => {
    const table = animals();
    const remove = table.add('dog', { says: 'woof', aliases: ['hound'] });
    remove();
    expect(table.names).toEqual(['cow', 'cat']);
    expect(table.written).toEqual(['cow', 'bull', 'cat']);
    expect(table.find('hound') ?? table.find('dog')).toBeUndefined();
    expect(table.entries).toHaveLength(2);
  });

  it('does not know the names that every JavaScript object has', () => {
    expect(animals().find('constructor')).toBeUndefined();
    expect(animals().has('toString')).toBe(false);
  });

  it('reports which name is unknown, and which is taken', () => {
    expect(() => animals().get('fox')).toThrow('There is no animal fox');
    expect(() => animals().add('bull', { says: 'roar' })).toThrow('The animal bull exists twice');
    expect(() => animals().add('ox', { says: 'moo', aliases: ['cat'] })).toThrow('The animal cat exists twice');
  });
});
