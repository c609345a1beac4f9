/** Names for the generated shop's customers; any likeness is chance. */

export const FIRST_NAMES =
  "Ada Alba Alma Amir Anika Anton Arlo Ayla Basil Bea Bruno Cara Cleo Dario Delia Edda Elio Emre Enzo Esme Fara Felix Fern Fleur Gala Hana Hugo Ida Ilse Imre Ines Iris Ivo Jade Jonas June Kaia Kian Lale Lea Leif Lena Lino Liv Luca Mae Mara Milo Mina Moss Nadia Nico Nola Noor Odin Ola Opal Oskar Otto Pella Pia Quinn Remy Rhea Rosa Runa Sana Selma Silas Sol Stella Tara Theo Tilda Uma Vera Vito Wilma Yara Yves Zara Zeno".split(
    " ",
  );

export const LAST_NAMES =
  "Abernell Aldertree Ashgrove Barrowmere Bellweather Birchley Blackfen Brindle Brookhollow Calderay Cliffmoor Copperdale Cressfield Dandridge Dellwood Duskin Eastmarsh Elmsworth Fairlock Farrowby Fennimore Foxglen Gillbrook Glenmarrow Goldenrod Greyling Halloway Harrowell Hawkstead Heatherby Holloway Inglestone Ivyford Juniperson Kestrelby Kingsmere Larkwood Lindengard Lockmoor Mapleford Marrowby Meadowes Millgate Mistral Mooreland Nettleby Nightmarsh Northolt Oakenshaw Orrinfield Pebbleton Pinemoor Quillfeather Rainford Redfern Ridgewell Rookwood Rosenthorn Rushmere Saltmarsh Sandgrove Silverbrook Stonebeck Summerlin Swanfield Tamarack Thistlewood Thornbury Underhay Valemont Wakering Westfallow Whitlock Willowby Windrush Winterbourne Wrenfield Yarrowby".split(
    " ",
  );
