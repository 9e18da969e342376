import type { Language } from './places.js';

/** Common given names and family names of each language; random pairs are nobody in particular. */
export const names: Readonly<Record<Language, { readonly given: readonly string[]; readonly family: readonly string[] }>> = {
  en: {
    given:
      words(`Alice Amelia Andrew Anna Ben Callum Charlotte Chloe Daniel David Edward Ella Emily Emma Ethan Eva Freya George Grace Hannah
      Harry Isla Jack Jacob James Jessica John Joseph Kate Laura Leo Liam Lucy Luke Maria Matthew Mia Michael Noah Nora Olivia Oscar
      Peter Rachel Robert Ruby Ryan Samuel Sarah Sophie Thomas William Zoe`),
    family: words(`Adams Allen Anderson Baker Bell Bennett Brown Byrne Campbell Carter Clark Collins Cook Cooper Davis Edwards Evans Fisher
      Foster Garcia Gray Green Hall Harris Hill Hughes Jackson Johnson Jones Kelly King Lee Lewis Martin Martinez Miller Mitchell Moore
      Morgan Murphy Nelson Parker Phillips Reed Roberts Robinson Rogers Scott Smith Taylor Thompson Turner Walker Walsh Ward White
      Williams Wilson Wood Wright Young`),
  },
  de: {
    given: words(`Anja Anna Anton Ben Christian Clara Daniel Elias Emil Emilia Emma Felix Finn Frieda Hannah Ida Jan Jana Jonas Julia Jürgen
      Karl Katrin Klara Lea Lena Leon Lina Lukas Maja Maria Marie Mats Max Mia Moritz Noah Oskar Paul Paula Sabine Sofie Stefan Theo
      Thomas Tim Ursula Wolfgang Zoë`),
    family: words(`Bauer Becker Böhm Braun Fischer Fuchs Graf Groß Günther Hahn Hartmann Hoffmann Huber Jung Kaiser Keller Klein Koch König
      Köhler Krause Krüger Lang Lange Lehmann Maier Mayer Meyer Möller Müller Neumann Peters Richter Roth Schäfer Scholz Schmidt
      Schneider Schröder Schulz Schwarz Stein Vogel Vogt Wagner Weber Weiß Werner Winkler Wolf Zimmermann`),
  },
  fr: {
    given:
      words(`Adam Agathe Alice Ambre Anaïs Antoine Arthur Camille Chloé Clément Daniel Élise Emma Éva Gabriel Hélène Hugo Inès Jade Jeanne
      Jules Julie Léa Léo Léon Lina Louis Louise Lucas Lucie Maël Manon Marie Mathis Mathilde Nathan Nina Noé Paul Pauline Raphaël
      Romane Rose Sacha Sarah Théo Thomas Tom Zoé`),
    family: words(`Andre Bernard Bertrand Blanc Bonnet Boyer Chevalier Clement David Dubois Dupont Durand Faure Fontaine Fournier François
      Garcia Garnier Gauthier Girard Guérin Henry Lambert Laurent Lefèvre Legrand Leroy Martin Masson Mercier Michel Moreau Morel
      Morin Nicolas Perrin Petit Richard Robert Robin Rousseau Roussel Roux Simon Thomas Vincent`),
  },
  es: {
    given: words(`Adrián Alba Alejandro Ana Andrés Ángel Beatriz Camila Carlos Carmen Cristina Daniel Daniela Diego Elena Emilia Fernando
      Gabriela Hugo Inés Isabel Javier Jimena José Juan Julia Laura Leonor Lucas Lucía Luis Manuel Marcos María Mateo Miguel Natalia
      Nicolás Pablo Paula Pedro Rafael Raquel Rosa Sara Sergio Sofía Tomás Valeria Víctor`),
    family:
      words(`Aguilar Álvarez Blanco Cabrera Calvo Campos Cano Castillo Castro Cruz Delgado Díaz Domínguez Fernández Flores Fuentes García
      Gómez González Guerrero Gutiérrez Hernández Herrera Iglesias Jiménez León López Marín Martín Martínez Medina Molina Morales
      Moreno Muñoz Navarro Núñez Ortega Ortiz Peña Pérez Ramírez Ramos Reyes Rivera Rodríguez Rojas Romero Ruiz Sánchez Santos Soto
      Suárez Torres Vargas Vega Vidal`),
  },
  sv: {
    given:
      words(`Alice Alma Anders Astrid Axel Björn Ebba Elin Elsa Emil Erik Freja Gustav Hugo Ida Ingrid Johan Karin Lars Leo Linnéa Maja Nils
      Olle Oskar Sara Saga Sofia Stina Sven Tove Ulla Vera Viktor William Åsa`),
    family:
      words(`Andersson Berg Bergström Björk Ek Eriksson Forsberg Gustafsson Hansson Holm Jansson Johansson Karlsson Larsson Lind Lindberg
      Lindgren Lundgren Magnusson Nilsson Nyström Olsson Persson Pettersson Sandberg Sjöberg Svensson Åberg Öberg`),
  },
};

function words(list: string): string[] {
  return list.trim().split(/\s+/);
}
